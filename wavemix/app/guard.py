"""Who may talk to the app: pages of its own, called by its own name."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEADERS = {
    # The page may ask this server and nobody else, whatever is in it.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def guarded(app: App, hosts: tuple[str, ...]) -> App:
    """An app that answers only for names of its own, and changes nothing for pages of others.

    Any page that a browser shows may send requests to 127.0.0.1, and by a name of its own that leads there (DNS
    rebinding) it could read the answers too.

    Args:
        app: The app.
        hosts: The names, without ports; none for any.
    """

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "").rsplit(":", 1)[0].strip("[]").lower()
        is_strange = bool(hosts) and host not in hosts
        if scope["method"] not in ("GET", "HEAD"):
            is_strange |= headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        if is_strange:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                added = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *added]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return guard
