"""The app on a port, until it is told to end; then nothing of its visits is left."""

import socket
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wavemix.app.limits import Limits
from wavemix.errors import WavemixError
from wavemix.extras import check_extra
from wavemix.leftovers import own_folder

if TYPE_CHECKING:
    from wavemix.pipeline import AutoMix

PACKAGES = ("starlette", "uvicorn")
PREFIX = "wavemix-app-"
"""The folder of the visits, in the system's folder for such, begins with it."""

LOCAL = "127.0.0.1"
OWN_NAMES = (LOCAL, "localhost", "::1")

ONLY_OWNER = 0o700
GOODBYE_SECONDS = 2
"""How long a download that is under way may hold up the end."""


def serve(
    load: "Callable[[], AutoMix]",
    host: str = LOCAL,
    port: int = 7860,
    limits: Limits | None = None,
    example_seconds: float = 20.0,
    tell: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve the app; returns when it is interrupted.

    Args:
        load: Gives the models; called in a thread, after the port is open.
        host: Address to listen on: this machine alone, unless it is another.
        port: To listen on; 0 for any that is free.
        limits: How much is taken in.
        example_seconds: Length of the example song.
        tell: Called with the page's address once it answers.

    Raises:
        WavemixError: If packages are missing, the port is taken, or the models cannot be loaded.
    """
    check_extra("the app", PACKAGES, "app")
    import uvicorn

    from wavemix.app.routes import application
    from wavemix.app.studio import Studio

    with own_folder(Path(tempfile.gettempdir()), PREFIX) as folder, _listening(host, port) as listening:
        folder.chmod(ONLY_OWNER)
        studio = Studio(folder, load, limits or Limits(), example_seconds)
        config = uvicorn.Config(
            application(studio, OWN_NAMES if host in OWN_NAMES else ()),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
        server = uvicorn.Server(config)
        try:
            studio.start(on_problem=lambda: setattr(server, "should_exit", True))
            tell(f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}")
            with suppress(KeyboardInterrupt):  # the way in which it ends
                server.run([listening])
        finally:
            studio.close()
        if studio.problem:
            raise WavemixError(studio.problem)


def _listening(host: str, port: int) -> socket.socket:
    """A port that is open.

    Raises:
        WavemixError: If it cannot be.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WavemixError(
            f"{host}:{port}: cannot be listened on ({reason}); choose another --port or --host."
        ) from error
