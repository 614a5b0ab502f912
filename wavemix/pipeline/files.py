"""One song through the system, from disk to disk: check, four stems, mix, finish.

Every stage streams. Between stages the samples lie in scratch files inside the output folder, so memory does
not grow with the song, and nothing carries its final name before everything is done.
"""

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from wavemix.audio.sides import probe_track
from wavemix.audio.spool import Spool
from wavemix.audio.writing import BYTES_PER_SAMPLE, AudioWriter
from wavemix.data.hashing import sha256
from wavemix.daw.media import Media, copy_bytes
from wavemix.errors import WavemixError
from wavemix.pipeline.companions import companion_files, write_companions
from wavemix.pipeline.delivery import Delivery, Gain
from wavemix.pipeline.finish import Measures, Signal, deliver, finish
from wavemix.pipeline.mixing import Mixing, Wishes
from wavemix.pipeline.outputs import check_outputs, earlier_files, keeps_manifest, output_files
from wavemix.pipeline.report import OutputReport, Report, describe_output
from wavemix.session.groups import GROUPS, STEREO
from wavemix.session.manifest import dump_session
from wavemix.session.session import MANIFEST, REPORT, Session
from wavemix.staging import staged_folder
from wavemix.system.progress import Progress
from wavemix.system.stages import DiskStage
from wavemix.zoo.mixer import Mixer

BYTES_PER_SPOOLED_SAMPLE = 4


def mix_to_files(models: Mapping[str, Mixer], session: Session, out: Path, wishes: Wishes, overwrite: bool) -> Report:
    """Mix a session into a folder: see `AutoMix.mix`.

    Raises:
        WavemixError: If a track cannot be used, the folder cannot be written or holds files that are not ours, or a
            model gives no numbers.
    """
    delivery = wishes.delivery
    files = output_files(delivery, session.name)
    companions = companion_files(session.name, wishes.explain, wishes.daw)
    check_outputs(session, out, [*files.values(), *companions], overwrite)
    opened = [partial(probe_track, session.paths(track)) for track in session.tracks]
    mixing = Mixing(models, session, opened, wishes, session.folder)
    with staged_folder(out, first=(REPORT, MANIFEST)) as stage:
        _check_space(out, stage, mixing, wishes)
        with TemporaryDirectory(dir=stage) as scratch, ExitStack() as spools:

            def on_disk(name: str) -> DiskStage:
                return DiskStage(spools.enter_context(Spool(Path(scratch, name), STEREO)))

            def write(name: str, gain: Gain, measured: Measures, progress: Progress) -> OutputReport:
                levels = _write(signals[name], stage / files[name], delivery, gain, measured, progress)
                return describe_output(files[name], levels, gain, sha256(stage / files[name]))

            signals, described = mixing.travel(on_disk)
            finished = finish(signals, delivery, write, mixing.watch)
            explanation = mixing.explain(signals, finished.outputs) if companions else None
        companions = []
        if explanation is not None:
            renderings = {
                name: Media(out / file, mixing.out_rate, STEREO, mixing.out_samples) for name, file in files.items()
            }
            companions = write_companions(explanation, mixing.sources, renderings, wishes.daw, stage, out)
        written = [*files.values(), *companions]
        check_outputs(session, out, written, overwrite)  # while we computed, others may have written there
        manifest = dump_session(mixing.session, out / MANIFEST)
        edited = keeps_manifest(out, manifest)
        report = mixing.report(
            described,
            finished,
            source=str(session.folder.absolute()),
            companions=companions,
            explanation=explanation,
            earlier_outputs=earlier_files(out, written),
            session_sha256="" if edited else hashlib.sha256(manifest.encode()).hexdigest(),
        )
        (stage / REPORT).write_text(report.dump(), encoding="utf-8")
        if not edited:
            (stage / MANIFEST).write_bytes(manifest.encode())
    return report


def _check_space(out: Path, stage: Path, mixing: Mixing, wishes: Wishes) -> None:
    """Refuse at once what would fill the disk half-way."""
    balance, delivery = wishes.balance, wishes.delivery
    spools = (1 + len(GROUPS)) * (balance.processed > 0) + len(GROUPS) * (balance.plain > 0)
    files = 1 + len(GROUPS) * delivery.stems
    needed = STEREO * (
        mixing.samples * BYTES_PER_SPOOLED_SAMPLE * spools
        + mixing.out_samples * BYTES_PER_SAMPLE[delivery.bits] * files
    )
    needed += sum(map(copy_bytes, mixing.sources)) if wishes.daw else 0
    free = shutil.disk_usage(stage).free
    if needed > free:
        raise WavemixError(
            f"{out}: the disk has {free / 1e6:,.0f} MB free and this mix needs {needed / 1e6:,.0f} MB on the "
            "way; free some space or choose another output folder."
        )


def _write(
    signal: Signal, path: Path, delivery: Delivery, gain: Gain, measured: Measures, progress: Progress
) -> Measures:
    """Write a signal with a gain; returns the measures of what was written.

    Raises:
        OSError: If the disk does not take it.
    """
    path.parent.mkdir(exist_ok=True)
    with AudioWriter(path, signal.rate, STEREO, signal.out_samples, delivery.format, delivery.bits) as file:
        return deliver(signal, gain, measured, file.write, progress)
