"""Songs and models that are small enough to mix in a test, and a Hub of their own."""

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from hub_environment import HUB_PORT
from hub_server import TOKEN, HubServer

from wavemix.cli import main
from wavemix.errors import WavemixError
from wavemix.pipeline import AutoMix, Engine
from wavemix.waveunet import static_mix_
from wavemix.zoo.config import ModelConfig
from wavemix.zoo.registry import LITE, TASKS
from wavemix.zoo.weights import save

RATE = 44_100
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(autouse=True)
def same_threads() -> Iterator[None]:
    """Sums of other threads round otherwise: what a test chooses must not reach the next."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


HANDLERS = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}


@pytest.fixture(autouse=True)
def same_signals() -> Iterator[None]:
    """The command line ends its process at a signal: this one is pytest's again after a test."""
    yield
    for number, handler in HANDLERS.items():
        signal.signal(number, handler)


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the Hub's files, for this process and those that it starts; nobody answers as the Hub."""
    from huggingface_hub import close_session

    close_session()  # its connections lead to the Hub of the test before
    cache = tmp_path / "hub-cache"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    return cache


@pytest.fixture
def hub(hub_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """An empty Hub that answers, with a token that it accepts."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with HubServer(HUB_PORT) as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not CORPUS.is_dir():
        for item in items:
            if "corpus" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=f"{CORPUS} is not here"))


@pytest.fixture(scope="session")
def corpus() -> Path:
    return CORPUS


@pytest.fixture(scope="session")
def tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All five models with 3 levels of 2 filters and random weights: every nonlinearity is heard."""
    folder = tmp_path_factory.mktemp("weights")
    for seed, (name, task) in enumerate(TASKS.items()):
        config = ModelConfig(name, "trained", task.slots, levels=3, filters=2)
        torch.manual_seed(seed)
        save(config.build(), config, folder / name, torch.float32)
    return folder


@pytest.fixture(scope="session")
def lite_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lite family's models as its networks are wide, with 3 levels and random weights."""
    folder = tmp_path_factory.mktemp("lite")
    for seed, (name, task) in enumerate(TASKS.items()):
        config = ModelConfig(name, "trained", task.slots, levels=3, filters=LITE.filters)
        torch.manual_seed(seed)
        save(config.build(), config, folder / config.name, torch.float32)
    return folder


@pytest.fixture(scope="session")
def tiny_system(tiny_weights: Path) -> AutoMix:
    return AutoMix.from_pretrained(tiny_weights, engine=Engine("cpu"))


@pytest.fixture(scope="session")
def sum_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All five models, as small, as the plain sum of their inputs."""
    from wavemix.publishing.untrained import save_untrained

    folder = tmp_path_factory.mktemp("sum")
    for name in TASKS:
        save_untrained(name, folder / name, levels=3, filters=2)
    return folder


@pytest.fixture(scope="session")
def sum_system(sum_weights: Path) -> AutoMix:
    return AutoMix.from_pretrained(sum_weights, engine=Engine("cpu"))


@pytest.fixture(scope="session")
def soundfont() -> Path:
    """A soundfont, and fluidsynth to play it. Without them tests are skipped, but not where all are meant to run."""
    from wavemix.rendering.soundfont import installed_soundfont

    missing = []
    if not shutil.which("fluidsynth"):
        missing.append("fluidsynth")
    try:
        path = installed_soundfont()
    except WavemixError:
        missing.append("a soundfont")
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"{missing} not installed")
    if missing:
        pytest.skip(f"{missing} not installed")
    return path


@pytest.fixture(scope="session")
def static_gains() -> dict[str, torch.Tensor]:
    """Gains for each model, `(2, inputs)`: stem models that pan, and a mix model that balances."""
    generator = torch.Generator().manual_seed(7)
    gains = {}
    for name, task in TASKS.items():
        sides = torch.ones(2, len(task.slots))
        if name == "mix":
            sides = torch.eye(2).repeat(1, len(task.slots) // 2)
        gains[name] = sides * (0.2 + torch.rand(sides.shape, generator=generator))
    return gains


def _static_system(folder: Path, gains: dict[str, torch.Tensor], features: float) -> AutoMix:
    """Models at the published models' levels that are faders and pans, but for what their features add."""
    stem_levels = {"input_loudness_lufs": -25.0, "input_peak_dbfs": -14.0}
    for seed, (name, task) in enumerate(TASKS.items()):
        levels = {"input_sum_loudness_lufs": -20.0} if name == "mix" else stem_levels
        config = ModelConfig(name, "trained", task.slots, levels=3, filters=2, **levels)
        torch.manual_seed(seed)
        net = static_mix_(config.build(), gains[name])
        with torch.no_grad():
            net.output.weight[:, : net.filters] = features * torch.randn(net.outputs, net.filters, 1)
        save(net, config, folder / name, torch.float32)
    return AutoMix.from_pretrained(folder, engine=Engine("cpu"))


@pytest.fixture(scope="session")
def static_system(tmp_path_factory: pytest.TempPathFactory, static_gains: dict[str, torch.Tensor]) -> AutoMix:
    """A system that is only faders and pans."""
    return _static_system(tmp_path_factory.mktemp("static"), static_gains, 0.0)


@pytest.fixture(scope="session")
def nearly_static_system(tmp_path_factory: pytest.TempPathFactory, static_gains: dict[str, torch.Tensor]) -> AutoMix:
    """One that faders and pans do not explain wholly."""
    return _static_system(tmp_path_factory.mktemp("nearly"), static_gains, 0.05)


def noise(seconds: float, channels: int = 1, rate: int = RATE, seed: int = 0, level: float = 0.1) -> np.ndarray:
    """White noise, `(samples, channels)`."""
    return level * np.random.default_rng(seed).standard_normal((round(seconds * rate), channels)).clip(-3, 3)


WriteSong = Callable[..., Path]


@pytest.fixture
def write_song(tmp_path: Path) -> WriteSong:
    """Write tracks into a folder: `write_song({"Kick.wav": samples, ...})`, at a rate each or 44.1 kHz."""

    def write(tracks: dict[str, np.ndarray], name: str = "song", rates: dict[str, int] | None = None) -> Path:
        folder = tmp_path / name
        for file, samples in tracks.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            subtype = "FLOAT" if path.suffix == ".wav" else None
            soundfile.write(path, samples, (rates or {}).get(file, RATE), subtype=subtype)
        return folder

    return write


@pytest.fixture
def band(write_song: WriteSong) -> Path:
    """Half a second of a track or two a group."""
    return write_song(
        {
            "Drums/Kick.wav": noise(0.5, seed=1),
            "Drums/Snare.wav": noise(0.5, seed=2),
            "Bass DI.wav": noise(0.5, seed=3),
            "Lead Vox.wav": noise(0.5, seed=4),
            "Keys.wav": noise(0.5, channels=2, seed=5),
        }
    )


def read(path: Path) -> np.ndarray:
    """A file's samples, `(channels, samples)`."""
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return samples.T


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """`unreadable(folder)`: nobody may list it, not even root."""
    closed: set[str] = set()
    scandir = os.scandir

    def guarded(path: Any = ".") -> Any:
        if str(path) in closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr("os.scandir", guarded)
    return lambda folder: closed.add(str(folder))


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str


@pytest.fixture
def run(capsys) -> Callable[..., Outcome]:
    """Run the command line in this process: `run("mix", song, "-o", out)`."""

    def command(*arguments: object) -> Outcome:
        status: int | str | None = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as leave:
            status = leave.code
        captured = capsys.readouterr()
        assert isinstance(status, int | None)
        return Outcome(status or 0, captured.out, captured.err)

    return command


@pytest.fixture(scope="module")
def downloads(tmp_path_factory) -> Path:
    """Where the browser puts what it downloads."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def browser(tmp_path_factory, downloads: Path) -> Iterator[Any]:
    """A real browser, for all tests of a file."""
    from browser import open_browser  # needs Selenium, which other tests do not

    with open_browser(tmp_path_factory.mktemp("profile"), downloads) as driver:
        yield driver
