"""What the app takes in is bounded, is its owner's alone, and is removed."""

import asyncio
import http.client
import json
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from app.conftest import running
from conftest import noise

from wavemix.app import serve
from wavemix.app.job import Cancelled, Job, Queue
from wavemix.app.limits import Limits
from wavemix.app.refusals import Refusal
from wavemix.app.uploads import Uploads
from wavemix.app.visit import Visit
from wavemix.app.visits import RETURN_SECONDS, Visits
from wavemix.errors import WavemixError


async def blocks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 4):
        yield data[start : start + 4]


def send(to, name: str, data: bytes = b"0123456789", length: int | None = -1) -> None:
    asyncio.run(to.take(name, len(data) if length == -1 else length, blocks(data)))


@pytest.fixture
def uploads(tmp_path):
    return Uploads(tmp_path / "song", tmp_path / "incoming", Limits(song_bytes=25, files=3))


def test_files_keep_their_folders_and_are_replaced(uploads, tmp_path):
    send(uploads, "Song/Drums/Kick & Ünder.wav")
    send(uploads, "Song/Keys.flac", b"abc")
    send(uploads, "Song/Keys.flac", b"defg")
    assert (tmp_path / "song/Song/Drums/Kick & Ünder.wav").read_bytes() == b"0123456789"
    assert (tmp_path / "song/Song/Keys.flac").read_bytes() == b"defg"
    assert not list((tmp_path / "incoming").iterdir())


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("../Kick.wav", "is hidden, or leads elsewhere"),
        ("/etc/Kick.wav", "is hidden, or leads elsewhere"),
        ("Drums/../../Kick.wav", "is hidden, or leads elsewhere"),
        (".git/Kick.wav", "is hidden, or leads elsewhere"),
        ("._Kick.wav", "is hidden, or leads elsewhere"),
        ("notes.txt", "is no sound file"),
        ("a" * 300 + ".wav", "its name has 304 bytes"),
        ("Kick\0.wav", "its name has a NUL in it"),
    ],
)
def test_names_that_no_track_has(uploads, tmp_path, name, match):
    with pytest.raises(WavemixError, match=match):
        send(uploads, name)
    assert not (tmp_path / "song").exists()


def test_more_than_there_is_room_for(uploads, tmp_path):
    send(uploads, "one.wav")
    send(uploads, "two.wav")
    with pytest.raises(Refusal, match=r"three\.wav: the files of a song may have 2\.5e-08 GB") as caught:
        send(uploads, "three.wav")
    assert caught.value.status == 413
    send(uploads, "three.wav", b"three")
    with pytest.raises(Refusal, match=r"four\.wav: a song may have 3 files here"):
        send(uploads, "four.wav", b"")
    send(uploads, "two.wav", b"2")  # a file that is there is replaced, and counts once
    send(uploads, "three.wav", b"123456789")
    assert sorted(path.name for path in (tmp_path / "song").iterdir()) == ["one.wav", "three.wav", "two.wav"]


def test_a_file_that_breaks_off_is_not_there_and_takes_no_room(uploads, tmp_path):
    with pytest.raises(WavemixError, match="broke off after 10 of 25 bytes; send it again"):
        send(uploads, "Kick.wav", length=25)
    with pytest.raises(Refusal, match="does not say how long it is"):
        send(uploads, "Kick.wav", length=None)
    assert not list((tmp_path / "song").iterdir()) and not list((tmp_path / "incoming").iterdir())
    send(uploads, "Kick.wav", b"x" * 25)


@pytest.mark.parametrize("file", ["/etc/hostname", "../../other/song/Kick.wav"])
def test_a_session_that_names_files_of_others_is_refused(tmp_path, file):
    (tmp_path / "other/song").mkdir(parents=True)
    (tmp_path / "other/song/Kick.wav").touch()
    visit = Visit(tmp_path, Limits())
    send(visit, "session.yaml", f"tracks: [{{file: {file}, group: drums}}]".encode())
    with pytest.raises(WavemixError, match=r"session\.yaml: names .*, which is not among your files"):
        visit.route()
    with pytest.raises(WavemixError, match="there is no song yet"):
        _ = visit.session


@pytest.mark.parametrize(
    ("tracks", "match"),
    [
        ([], "is of other tracks than those that are here"),
        ([{"group": "brass", "role": "lead"}], r"Kick\.wav: has the unknown group `brass`; choose from drums, bass"),
        ([{"group": "drums", "role": "lead"}], r"Kick\.wav: `lead` is no role of drums; choose from kick, snare"),
        ([{"group": "drums", "role": "kick", "gain_db": 500}], r"Kick\.wav: a gain must lie between -120 and 120 dB"),
        ([{"group": "drums"}], "lacks the key `role`"),
        ("nonsense", "the routing: `tracks` must be a list, not 'nonsense'"),
    ],
)
def test_a_routing_that_cannot_be(tmp_path, write_song, tracks, match):
    visit = Visit(tmp_path, Limits())
    send(visit, "Kick.wav", (write_song({"Kick.wav": noise(0.1)}) / "Kick.wav").read_bytes())
    visit.route()
    before = visit.session
    with pytest.raises(WavemixError, match=match):
        visit.correct({"tracks": tracks})
    assert visit.session == before


def test_places_are_taken_and_become_free(tmp_path, monkeypatch):
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    visits = Visits(tmp_path, Limits(visits=2, idle_seconds=600))
    first, second = visits.begin(), visits.begin()
    with pytest.raises(Refusal, match="all 2 places are taken"):
        visits.begin()
    now += 500
    assert visits.get(first.id) is first
    now += 101  # the second's page was not heard of for longer
    third = visits.begin()
    with pytest.raises(Refusal, match="the visit has ended and its files are removed"):
        visits.get(second.id)
    visits.leave(first)
    now += RETURN_SECONDS - 1
    visits.sweep()
    assert visits.get(first.id) is first  # the page was only loaded again
    visits.leave(first)
    now += RETURN_SECONDS + 1
    visits.sweep()
    assert len(list(tmp_path.iterdir())) == 1
    visits.end(third)
    assert not list(tmp_path.iterdir())
    with pytest.raises(Refusal, match="the visit has ended"):
        third.route()


def test_jobs_wait_for_their_turn_and_leave_when_they_are_cancelled():
    queue, begun, go_on = Queue(), threading.Event(), threading.Event()

    def work(job):
        job.stage("drums", 10)
        begun.set()
        go_on.wait(10)
        job.advance(5)

    first, second, third = (Job(work, 1) for _ in range(3))
    for job in (first, second, third):
        queue.add(job)
    begun.wait(10)
    assert [queue.ahead_of(job) for job in (first, second, third)] == [0, 1, 2]
    assert first.told() == {"state": "running", "error": "", "stage": "drums", "step": 1, "steps": 1, "share": 0.0}
    first.cancel()
    second.cancel()
    go_on.set()
    queue.add(last := Job(lambda job: None, 1))
    while not last.is_over:
        begun.wait(0.01)
    assert [job.state for job in (first, second, third, last)] == ["cancelled", "cancelled", "done", "done"]
    queue.close()
    with pytest.raises(Cancelled):
        first.advance(1)


def test_a_fault_of_the_app_is_told_as_one(capsys):
    job = Job(lambda job: 1 / 0, 1)
    job.run()
    assert (job.state, job.error.split("(")[0]) == ("failed", "the app itself has failed ")
    assert "ZeroDivisionError" in capsys.readouterr().err


def ask(address, method, path, body=None, **headers):
    """The status and the answer, with headers as they are given."""
    with closing(http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        with connection.getresponse() as answer:
            return answer.status, answer.read().decode(), answer.headers


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"Host": "localhost:7860"}, 200),
        ("GET", {"Host": "evil.example"}, 403),
        ("GET", {"Host": "evil.example:7860"}, 403),
        ("GET", {"Sec_Fetch_Site": "cross-site"}, 200),  # somebody follows a link to the app
    ],
)
def test_the_app_answers_by_its_own_names_only(app, method, headers, status):
    found, text, answered = ask(app.address, method, "/", **headers)
    assert found == status
    if status == 200:
        assert "<title>wavemix</title>" in text
        assert "default-src 'none'" in answered["Content-Security-Policy"]
    else:
        assert text == ""


def test_pages_of_others_change_nothing(app):
    for site in ("cross-site", "same-site"):
        assert ask(app.address, "POST", "/visits", Sec_Fetch_Site=site)[0] == 403
    assert app.visits == {}


def test_what_is_not_there_is_said(app):
    status, text, _ = ask(app.address, "POST", "/visits", Sec_Fetch_Site="same-origin")
    assert status == 200
    visit = f"/visits/{json.loads(text)['id']}"
    for method, path, body, code, sentence in (
        ("POST", "/session", "{}", 404, "there are no tracks yet"),
        ("POST", "/session", "{", 400, "the request: is not valid JSON"),
        ("PUT", "/session", '{"tracks": []}', 404, "there is no song yet"),
        ("POST", "/mix", '{"amount": 200}', 400, "the mix: amount must be 0 to 100, got 200"),
        ("POST", "/mix", '{"bits": "32f", "format": "flac"}', 400, "the mix: FLAC has no floating-point samples"),
        ("POST", "/mix", "{}", 404, "there is no song yet"),
        ("GET", "/mix", None, 404, "no mix was asked for yet"),
        ("GET", "/sounds/mix", None, 404, "there is no mix yet"),
        ("PUT", "/files/..%2FKick.wav", "12", 400, "../Kick.wav: is hidden, or leads elsewhere"),
        ("PUT", "/session", "1" * 2_000_000, 413, "the page has asked for more than can be meant"),
    ):
        found, answer, _ = ask(app.address, method, visit + path, body)
        assert (found, json.loads(answer)["error"].startswith(sentence)) == (code, True), answer
    assert ask(app.address, "DELETE", visit)[0] == 200
    assert ask(app.address, "GET", visit)[0] == 404
    assert ask(app.address, "GET", "/assets/..%2Fserver.py")[0] == 404
    assert app.visits == {}


def test_the_end_removes_everything(tmp_path, sum_weights, write_song):
    kick = (write_song({"Kick.wav": noise(0.1)}) / "Kick.wav").read_bytes()
    with running(tmp_path / "tmp", "--weights", str(sum_weights)) as found:
        visit = json.loads(ask(found.address, "POST", "/visits")[1])["id"]
        assert ask(found.address, "PUT", f"/visits/{visit}/files/Kick.wav", kick)[0] == 200
        assert list(found.visits.values()) == [["song/Kick.wav"]]
        (folder,) = (path for path in found.folder.iterdir() if path.is_dir())
        assert folder.stat().st_mode & 0o077 == 0
        found.process.send_signal(signal.SIGTERM)
        assert found.process.wait(60) == 128 + signal.SIGTERM
        assert not list(found.folder.glob("wavemix-app-*"))


def test_weights_that_are_not_there_end_the_app(run, tmp_path):
    outcome = run("app", "--port", "0", "--weights", tmp_path / "none")
    assert (outcome.status, outcome.out.startswith("wavemix is at http://127.0.0.1:")) == (1, True)
    assert outcome.err.startswith(f"wavemix: {tmp_path / 'none'}: ")


def test_a_port_that_is_taken(app):
    port = urlsplit(app.address).port
    with pytest.raises(WavemixError, match=rf"127\.0\.0\.1:{port}: cannot be listened on \(.*\); choose"):
        serve(lambda: None, port=port)


def test_the_extra_is_named_where_it_is_missing(monkeypatch, run):
    monkeypatch.setattr("wavemix.extras.find_spec", lambda name: None)
    outcome = run("app")
    assert (outcome.status, outcome.err) == (1, "wavemix: the app needs starlette and uvicorn; install wavemix[app].\n")
