"""What the page can ask for. Answers are JSON, sounds and files; what is wrong is one sentence."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from wavemix.app.guard import guarded
from wavemix.app.page import ASSETS, asset, front_page
from wavemix.app.refusals import Refusal, status_of
from wavemix.app.studio import Studio
from wavemix.app.visit import MISSING, Visit
from wavemix.documents.json_text import dump_json, parse_json
from wavemix.errors import WavemixError
from wavemix.session.session import MANIFEST

if TYPE_CHECKING:
    from wavemix.app.mixed import Mixed

MOST_BODY_BYTES = 1 << 20
"""What a request other than a file may have."""

SWEEP_SECONDS = 30.0

Answer = Callable[[Request, Visit], Awaitable[Response]]


def application(studio: Studio, hosts: tuple[str, ...]) -> Any:
    """The app as ASGI has it.

    Args:
        studio: What it works with.
        hosts: The names by which it may be called; none for any.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(studio))
        yield
        sweeping.cancel()

    routes = [
        Route("/", _front_page),
        Route("/assets/{name}", _asset),
        Route("/about", partial(_about, studio)),
        Route("/visits", partial(_begin, studio), methods=["POST"]),
        *(
            Route(f"/visits/{{id}}{path}", partial(_of_visit, studio, answer), methods=[method])
            for method, path, answer in (
                ("GET", "", _tell),
                ("DELETE", "", partial(_end, studio)),
                ("PUT", "/files/{name:path}", _take),
                ("POST", "/left", partial(_leave, studio)),
                ("POST", "/example", partial(_example, studio)),
                ("POST", "/session", _route),
                ("PUT", "/session", _correct),
                ("POST", "/mix", partial(_mix, studio)),
                ("GET", "/mix", partial(_progress, studio)),
                ("DELETE", "/mix", _cancel),
                ("GET", "/sounds/{name}", _sound),
                ("GET", "/courses/{name}", _course),
                ("GET", "/kept/{name:path}", _keep),
            )
        ),
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={WavemixError: _wrong})
    return guarded(app, hosts)


async def _sweep(studio: Studio) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        await run_in_threadpool(studio.visits.sweep)


def _json(value: object, status: int = 200) -> Response:
    return Response(dump_json(value, indent=None), status, media_type="application/json")


async def _wrong(_: Request, error: Exception) -> Response:
    assert isinstance(error, WavemixError)
    return _json({"error": str(error)}, status_of(error))


async def _body(request: Request) -> object:
    """What a request holds.

    Raises:
        WavemixError: If it is too much, or no JSON.
    """
    data = b""
    async for block in request.stream():
        data += block
        if len(data) > MOST_BODY_BYTES:
            raise Refusal(413, "the page has asked for more than can be meant; load it again.")
    return parse_json(data or b"{}", "the request", "load the page again")


async def _front_page(_: Request) -> Response:
    return Response(front_page(), media_type="text/html")


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in ASSETS:
        return Response(status_code=MISSING)
    return Response(asset(name), media_type=ASSETS[name])


async def _about(studio: Studio, _: Request) -> Response:
    return _json(studio.told())


async def _begin(studio: Studio, _: Request) -> Response:
    return _json({"id": studio.visits.begin().id})


async def _of_visit(studio: Studio, answer: Answer, request: Request) -> Response:
    return await answer(request, studio.visits.get(request.path_params["id"]))


async def _tell(_: Request, visit: Visit) -> Response:
    return _json(await run_in_threadpool(visit.told))


async def _end(studio: Studio, _: Request, visit: Visit) -> Response:
    await run_in_threadpool(studio.visits.end, visit)
    return _json({})


async def _leave(studio: Studio, _: Request, visit: Visit) -> Response:
    studio.visits.leave(visit)
    return _json({})


async def _take(request: Request, visit: Visit) -> Response:
    length = request.headers.get("content-length")
    with suppress(ClientDisconnect):  # then nobody reads an answer
        await visit.take(request.path_params["name"], int(length) if length else None, request.stream())
    return _json({})


async def _example(studio: Studio, _: Request, visit: Visit) -> Response:
    await run_in_threadpool(visit.take_example, studio.write_example)
    return _json(visit.told())


async def _route(request: Request, visit: Visit) -> Response:
    body = await _body(request)
    await run_in_threadpool(visit.route, isinstance(body, dict) and body.get("anyway") is True)
    return _json(visit.told())


async def _correct(request: Request, visit: Visit) -> Response:
    visit.correct(await _body(request))
    return _json(visit.told())


async def _mix(studio: Studio, request: Request, visit: Visit) -> Response:
    body = await _body(request)
    await run_in_threadpool(studio.mix, visit, body)
    return await _progress(studio, request, visit)


async def _progress(studio: Studio, _: Request, visit: Visit) -> Response:
    job = visit.job
    if job is None:
        raise Refusal(MISSING, "no mix was asked for yet.")
    ahead = studio.queue.ahead_of(job)
    return _json({**job.told(), "ahead": ahead})


async def _cancel(_: Request, visit: Visit) -> Response:
    if visit.job:
        visit.job.cancel()
    return _json({})


def _mixed(visit: Visit) -> "Mixed":
    if visit.mixed is None:
        raise Refusal(MISSING, "there is no mix yet.")
    return visit.mixed


def _named(things: Any, name: str) -> Any:
    if name not in things:
        raise Refusal(MISSING, f"{name}: this mix has none.")
    return things[name]


async def _sound(request: Request, visit: Visit) -> Response:
    path, _ = _named(_mixed(visit).sounds, request.path_params["name"])
    return FileResponse(path)


async def _course(request: Request, visit: Visit) -> Response:
    mixed, name = _mixed(visit), request.path_params["name"]
    _named(mixed.sounds, name)
    return _json(await run_in_threadpool(mixed.course, name))


async def _keep(request: Request, visit: Visit) -> Response:
    """A file to download; it is called by the song where its own name says only what it is."""
    mixed, name = _mixed(visit), request.path_params["name"]
    song = mixed.report.song
    if name == MANIFEST:
        return Response(mixed.manifest, headers=_attached(MANIFEST), media_type="application/yaml")
    if name == "all.zip":
        return FileResponse(await run_in_threadpool(mixed.zip), filename=f"{song}.zip")
    path = _named(mixed.files, name)
    return FileResponse(path, filename=path.name)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
