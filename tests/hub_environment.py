"""The Hub that tests know: a port of this machine where nobody answers but a test's own server.

huggingface_hub reads the environment once, so this is imported before it, and once (a conftest may be run twice).
"""

import os
import socket

with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    HUB_PORT: int = probe.getsockname()[1]

for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HF_HUB_CACHE"):
    os.environ.pop(name, None)
os.environ |= {
    "HF_ENDPOINT": f"http://127.0.0.1:{HUB_PORT}",
    "HF_HOME": "/nonexistent/huggingface",  # where the user's token would be
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
