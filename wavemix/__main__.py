"""`python -m wavemix`."""

from wavemix.cli import main

if __name__ == "__main__":
    main()
