"""`python -m wavemix`."""

from wavemix.cli import main

main()
