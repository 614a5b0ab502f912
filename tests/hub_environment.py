"""The Hub that tests know: a port of this machine where nobody answers but a test's own server.

huggingface_hub reads the environment once, so this is imported before it. pytest may run this file a second time, under
another name, when it looks for doctests: the port is then the one that was chosen first.
"""

import os
import socket

PORT_VARIABLE = "WAVEMIX_TESTS_HUB_PORT"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


HUB_PORT = int(os.environ.get(PORT_VARIABLE) or free_port())

for name in ("HF_TOKEN", "HF_HUB_OFFLINE", "HF_HUB_CACHE"):
    os.environ.pop(name, None)
os.environ |= {
    PORT_VARIABLE: str(HUB_PORT),
    "HF_ENDPOINT": f"http://127.0.0.1:{HUB_PORT}",
    "HF_HOME": "/nonexistent/huggingface",  # where the user's token would be
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
