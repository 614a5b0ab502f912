"""One song through the system, from disk to disk: check, four stems, mix, finish.

Every stage streams. Between stages the samples lie in scratch files inside the output folder, so memory does
not grow with the song, and nothing carries its final name before everything is done.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from wavemix.audio.spool import Spool
from wavemix.audio.writing import BYTES_PER_SAMPLE, check_rate
from wavemix.dsp.levels import gain_to_db
from wavemix.errors import WavemixError
from wavemix.pipeline.balance import Balance
from wavemix.pipeline.delivery import Delivery, mix_gain, stems_gain
from wavemix.pipeline.finish import BLOCK_SAMPLES, Layer, Signal, measure, write
from wavemix.pipeline.outputs import check_outputs, earlier_files, keeps_manifest, output_files
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
from wavemix.session.groups import GROUPS, MIX, STEREO
from wavemix.session.manifest import dump_session
from wavemix.session.session import MANIFEST, REPORT, Session
from wavemix.staging import staged_folder
from wavemix.waveunet.sides import own_sides
from wavemix.zoo.mixer import Mixer

BYTES_PER_SPOOLED_SAMPLE = 4


@dataclass(frozen=True)
class _Spools:
    """Where the samples of one song lie between the stages.

    Attributes:
        processed: What each model gave.
        plain: The plain sum of each group's tracks.
    """

    processed: Mapping[str, Spool]
    plain: Mapping[str, Spool]

    def layers(self, balance: Balance) -> dict[str, list[Layer]]:
        """What the mix and each stem are the sum of: they lie on the line from the plain sums to the networks' work."""
        layers = {MIX: [Layer(self.processed[MIX], balance.processed)]}
        for group in GROUPS:
            layers[group] = [Layer(self.processed[group], balance.processed * balance.factor(group))]
            if balance.plain:
                plain = Layer(self.plain[group], balance.plain * balance.factor(group))
                layers[group].append(plain)
                layers[MIX].append(plain)
        return layers


def render(
    models: Mapping[str, Mixer],
    session: Session,
    out: Path,
    delivery: Delivery,
    block_seconds: float | None,
    progress: Progress,
    balance: Balance,
    overwrite: bool,
) -> Report:
    """Mix a session into a folder: see `AutoMix.mix`.

    Raises:
        WavemixError: If a track cannot be used, the folder cannot be written or holds files that are not ours, or a
            model gives no numbers.
    """
    watch = Stopwatch(progress)
    files = output_files(delivery)
    check_outputs(session, out, list(files.values()), overwrite)
    rate = models[MIX].sample_rate
    sources = check_sources(session, {group: models[group].config.input_levels for group in GROUPS}, rate, watch)
    scans = [source.scan for source in sources]
    samples = song_samples(scans, rate)
    out_rate = _out_rate(delivery, rate, common_rate(scans))
    out_samples = song_samples(scans, out_rate)
    with staged_folder(out) as stage:
        _check_space(out, stage, samples, out_samples, delivery, balance)
        with TemporaryDirectory(dir=stage) as scratch, ExitStack() as opened:
            spools = _Spools(
                {name: opened.enter_context(Spool(Path(scratch, name), STEREO)) for name in models},
                {name: opened.enter_context(Spool(Path(scratch, f"plain {name}"), STEREO)) for name in GROUPS},
            )
            described = _compute(models, sources, spools, samples, block_seconds, balance, watch)
            signals = {
                name: Signal(layers, rate, samples, out_rate, out_samples)
                for name, layers in spools.layers(balance).items()
            }
            outputs = _finish(signals, files, stage, delivery, watch)
        check_outputs(session, out, list(files.values()), overwrite)  # while we computed, others may have written there
        manifest = dump_session(session, out / MANIFEST)
        edited = keeps_manifest(out, manifest)
        report = Report(
            song=session.name,
            source=str(session.folder),
            seconds=round(out_samples / out_rate, 3),
            rate=out_rate,
            balance=asdict(balance),
            models=described,
            tracks=describe_tracks(sources, rate, samples),
            ignored=describe_ignored(session),
            outputs=outputs,
            earlier_outputs=earlier_files(out, list(files.values())),
            session_sha256="" if edited else hashlib.sha256(manifest.encode()).hexdigest(),
            seconds_taken=watch.stop(),
            versions=versions(),
        )
        (stage / REPORT).write_text(report.dump(), encoding="utf-8")
        if not edited:
            (stage / MANIFEST).write_bytes(manifest.encode())
    return report


def _out_rate(delivery: Delivery, model: int, source: int) -> int:
    """The rate in Hz of the files, where the models' and the song's own are these."""
    rate = {"model": model, "source": source}.get(str(delivery.rate)) or int(delivery.rate)
    try:
        check_rate(delivery.format, rate)
    except ValueError as error:
        raise WavemixError(f"--rate source: {error}.") from error
    return rate


def _check_space(out: Path, stage: Path, samples: int, out_samples: int, delivery: Delivery, balance: Balance) -> None:
    """Refuse at once what would fill the disk half-way."""
    spools = (1 + len(GROUPS)) * (balance.processed > 0) + len(GROUPS) * (balance.plain > 0)
    files = 1 + len(GROUPS) * delivery.stems
    needed = STEREO * (
        samples * BYTES_PER_SPOOLED_SAMPLE * spools + out_samples * BYTES_PER_SAMPLE[delivery.bits] * files
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


def _compute(
    models: Mapping[str, Mixer],
    sources: Sequence[Source],
    spools: _Spools,
    samples: int,
    block_seconds: float | None,
    balance: Balance,
    watch: Stopwatch,
) -> dict[str, dict[str, Any]]:
    """Fill the spools that the balance asks for; returns the models' entries in the report."""
    live = {group: [row for row in sources if row.track.group == group and row.assignment] for group in GROUPS}
    ran = {group: bool(live[group] and balance.processed) for group in GROUPS} | {MIX: bool(balance.processed)}
    described = {name: describe_model(model, ran[name]) for name, model in models.items()}
    with torch.no_grad(), exact_arithmetic():
        if balance.processed:
            for group in GROUPS:
                _render_stem(models[group], live[group], spools.processed[group], samples, block_seconds, watch)
            gains = _stem_gains(models[MIX], spools.processed, samples)
            described[MIX]["input_gains_db"] = {group: round(gain_to_db(gain), 4) for group, gain in gains.items()}
            wanted = {group: gain * balance.factor(group) for group, gain in gains.items()}
            _render_mix(models[MIX], spools.processed, wanted, samples, block_seconds, watch)
        if balance.plain:
            _add_up(models, live, spools.plain, samples, watch)
    return described


def _render_stem(
    model: Mixer, live: Sequence[Source], spool: Spool, samples: int, block_seconds: float | None, watch: Stopwatch
) -> None:
    """Mix one group; a group without a sound is skipped, and its spool, left empty, reads as silence."""
    name = model.config.model
    watch.stage(name, samples if live else 0)
    if not live:
        return
    with GroupReader(live, model.sample_rate, model.net.inputs) as reader:
        for block in model.blocks(reader.read, samples, block_seconds):
            _append(spool, name, own_sides(block), watch)


def _stem_gains(model: Mixer, spools: Mapping[str, Spool], samples: int) -> dict[str, float]:
    """The factors that bring the stems to the levels that the mix model expects."""
    stems = [partial(spools[group].blocks, samples, model.sample_rate) for group in GROUPS]
    return dict(zip(GROUPS, model.config.input_levels.stem_gains(stems, model.sample_rate), strict=True))


def _render_mix(
    model: Mixer,
    spools: Mapping[str, Spool],
    gains: Mapping[str, float],
    samples: int,
    block_seconds: float | None,
    watch: Stopwatch,
) -> None:
    """Mix the stems, each with its gain."""
    with ExitStack() as opened:
        stems = {group: opened.enter_context(spools[group].reading()) for group in GROUPS}

        def read(count: int) -> Tensor:
            return torch.cat([torch.from_numpy(stem(count)) * gains[group] for group, stem in stems.items()])[None]

        watch.stage(MIX, samples)
        for block in model.blocks(read, samples, block_seconds):
            _append(spools[MIX], MIX, block[0], watch)


def _add_up(
    models: Mapping[str, Mixer],
    live: Mapping[str, Sequence[Source]],
    spools: Mapping[str, Spool],
    samples: int,
    watch: Stopwatch,
) -> None:
    """Add up the tracks of each group, at their levels and in their places, as an untrained network would."""
    watch.stage("plain", samples * sum(map(bool, live.values())))
    for group in (group for group in GROUPS if live[group]):
        model = models[group]
        with GroupReader(live[group], model.sample_rate, model.net.inputs) as reader:
            for start in range(0, samples, BLOCK_SAMPLES):
                inputs = reader.read(min(BLOCK_SAMPLES, samples - start))  # (sides, slots, samples)
                _append(spools[group], group, inputs.sum(dim=1).expand(STEREO, -1), watch)


def _append(spool: Spool, name: str, block: Tensor, watch: Stopwatch) -> None:
    if not block.isfinite().all():
        raise WavemixError(f"the model `{name}` gave NaN or infinite samples; check its weights.")
    spool.append(block.cpu().numpy())
    watch.advance(block.shape[-1])


def _finish(
    signals: Mapping[str, Signal], files: Mapping[str, str], stage: Path, delivery: Delivery, watch: Stopwatch
) -> list[OutputReport]:
    """Measure, choose gains and write, several files at a time; tells of the mix first, then of the stems."""
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
