"""One song through the system, from disk to disk: check, four stems, mix, finish.

Every stage streams. Between stages the samples lie in scratch files inside the output folder, so memory does
not grow with the song, and nothing carries its final name before everything is done.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from wavemix.audio.spool import Spool
from wavemix.audio.writing import BYTES_PER_SAMPLE
from wavemix.data.groups import GROUPS, MIX, STEREO
from wavemix.data.manifest import dump_session
from wavemix.data.session import MANIFEST, REPORT, Session
from wavemix.dsp.levels import gain_to_loudness
from wavemix.dsp.loudness import LoudnessMeter
from wavemix.errors import WavemixError
from wavemix.pipeline.delivery import Delivery, mix_gain, stems_gain
from wavemix.pipeline.finish import Signal, measure, write
from wavemix.pipeline.progress import Progress, Stopwatch
from wavemix.pipeline.report import (
    OutputReport,
    Report,
    describe_ignored,
    describe_model,
    describe_output,
    describe_tracks,
    versions,
)
from wavemix.pipeline.sources import GroupReader, Source, check_sources, common_rate, song_samples
from wavemix.staging import staged_folder
from wavemix.waveunet.sides import own_sides
from wavemix.zoo.mixer import Mixer

BYTES_PER_SPOOLED_SAMPLE = 4


def render(
    models: Mapping[str, Mixer],
    session: Session,
    out: Path,
    delivery: Delivery,
    block_seconds: float | None,
    progress: Progress,
) -> Report:
    """Mix a session into a folder: see `AutoMix.mix`.

    Raises:
        WavemixError: If a track cannot be used, the folder cannot be written, or a model gives no numbers.
    """
    watch = Stopwatch(progress)
    sources = check_sources(session, {group: models[group].config.input_loudness_lufs for group in GROUPS}, watch)
    rate = models[MIX].sample_rate
    samples = song_samples(sources, rate)
    out_rate = {"model": rate, "source": common_rate(sources)}.get(str(delivery.rate)) or int(delivery.rate)
    out_samples = song_samples(sources, out_rate)
    with staged_folder(out) as stage:
        _check_space(out, stage, samples, out_samples, delivery)
        with TemporaryDirectory(dir=stage) as scratch, ExitStack() as opened:
            spools = {name: opened.enter_context(Spool(Path(scratch, name), STEREO)) for name in models}
            with torch.no_grad(), exact_arithmetic():
                ran = [
                    group
                    for group in GROUPS
                    if _render_stem(models[group], sources, spools[group], samples, block_seconds, watch)
                ]
                _render_mix(models[MIX], spools, samples, block_seconds, watch)
            signals = {name: Signal(spool, rate, samples, out_rate, out_samples) for name, spool in spools.items()}
            outputs = _finish(signals, stage, delivery, watch)
        report = Report(
            song=session.name,
            source=str(session.folder),
            seconds=round(out_samples / out_rate, 3),
            rate=out_rate,
            models={name: describe_model(model, name in [*ran, MIX]) for name, model in models.items()},
            tracks=describe_tracks(sources, rate, samples),
            ignored=describe_ignored(session),
            outputs=outputs,
            seconds_taken=watch.stop(),
            versions=versions(),
        )
        (stage / REPORT).write_text(report.dump(), encoding="utf-8")
        (stage / MANIFEST).write_text(dump_session(session, out / MANIFEST), encoding="utf-8")
    return report


def _check_space(out: Path, stage: Path, samples: int, out_samples: int, delivery: Delivery) -> None:
    """Refuse at once what would fill the disk half-way."""
    files = 1 + len(GROUPS) * delivery.stems
    needed = STEREO * (
        samples * BYTES_PER_SPOOLED_SAMPLE * (1 + len(GROUPS)) + out_samples * BYTES_PER_SAMPLE[delivery.bits] * files
    )
    free = shutil.disk_usage(stage).free
    if needed > free:
        raise WavemixError(
            f"{out}: the disk has {free / 1e6:,.0f} MB free and this mix needs {needed / 1e6:,.0f} MB on the "
            "way; free some space or choose another output folder."
        )


@contextmanager
def exact_arithmetic() -> Iterator[None]:
    """On CUDA too, the same input gives the same output, in full single precision."""
    with torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False):
        yield


def _render_stem(
    model: Mixer,
    sources: Sequence[Source],
    spool: Spool,
    samples: int,
    block_seconds: float | None,
    watch: Stopwatch,
) -> bool:
    """Mix one group; a group without a sound is skipped, and its spool, left empty, reads as silence."""
    name = model.config.model
    live = [source for source in sources if source.track.group == name and source.assignment]
    watch.stage(name, samples if live else 0)
    if not live:
        return False
    with GroupReader(live, model.sample_rate, model.net.inputs) as reader:
        for block in model.blocks(reader.read, samples, block_seconds):
            _append(spool, name, own_sides(block), watch)
    return True


def _render_mix(
    model: Mixer, spools: Mapping[str, Spool], samples: int, block_seconds: float | None, watch: Stopwatch
) -> None:
    stems = [spools[group] for group in GROUPS]
    gains = [_input_gain(spool, model) for spool in stems]
    for spool in stems:
        spool.rewind()

    def read(count: int) -> Tensor:
        pieces = [torch.from_numpy(spool.read(count)) * gain for spool, gain in zip(stems, gains, strict=True)]
        return torch.cat(pieces)[None]

    watch.stage(MIX, samples)
    for block in model.blocks(read, samples, block_seconds):
        _append(spools[MIX], MIX, block[0], watch)


def _input_gain(spool: Spool, model: Mixer) -> float:
    """The gain that brings a stem to the loudness that the mix model expects, if it expects one."""
    if model.config.input_loudness_lufs is None:
        return 1.0
    meter = LoudnessMeter(model.sample_rate, spool.channels)
    spool.rewind()
    for start in range(0, spool.samples, model.sample_rate):
        meter.update(spool.read(min(model.sample_rate, spool.samples - start)))
    return gain_to_loudness(meter.integrated_lufs(), model.config.input_loudness_lufs)


def _append(spool: Spool, name: str, block: Tensor, watch: Stopwatch) -> None:
    if not block.isfinite().all():
        raise WavemixError(f"the model `{name}` gave NaN or infinite samples; check its weights.")
    spool.append(block.cpu().numpy())
    watch.advance(block.shape[-1])


def _finish(signals: Mapping[str, Signal], stage: Path, delivery: Delivery, watch: Stopwatch) -> list[OutputReport]:
    """Measure, choose gains and write, several files at a time; tells of the mix first, then of the stems."""
    files = {MIX: f"{MIX}.{delivery.format}"}
    if delivery.stems:
        files |= {group: f"stems/{group}.{delivery.format}" for group in GROUPS}
    with ThreadPoolExecutor(torch.get_num_threads()) as threads:
        watch.stage("measure", sum(signals[name].out_samples for name in files))
        levels = threads.map(lambda name: measure(signals[name], watch), files)
        measured = dict(zip(files, levels, strict=True))
        gains = {MIX: mix_gain(delivery, measured[MIX].loudness_lufs, measured[MIX].true_peak_dbtp)}
        if delivery.stems:
            gain = stems_gain(delivery, [measured[group].true_peak_dbtp for group in GROUPS])
            gains |= dict.fromkeys(GROUPS, gain)

        def deliver(name: str) -> OutputReport:
            path = stage / files[name]
            levels = write(signals[name], path, delivery, gains[name], measured[name], watch)
            return describe_output(files[name], levels, gains[name])

        watch.stage("write", sum(signals[name].out_samples for name in files))
        return list(threads.map(deliver, files))
