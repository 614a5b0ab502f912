"""What the README lets people hear and see: the example song's plain sum and its mix, equally loud.

    python benchmarks/sample.py SONG docs/sample

writes `before.mp3`, `after.mp3` and `course.png`: loudness and width over time, and the long-time spectrum.
"""

import tempfile
from pathlib import Path

import click
import matplotlib as mpl
import numpy as np
import soundfile
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from wavemix import AutoMix, Balance, Delivery
from wavemix.evaluation.courses import FREQUENCIES_HZ
from wavemix.evaluation.figures import STYLE, WIDTH_INCHES, colours
from wavemix.metrics.course import Course, follow

LOUDNESS_LUFS = -16
TITLES = {"before": "plain sum", "after": "wavemix"}


@click.command()
@click.argument("song", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def main(song: Path, out: Path) -> None:
    """Mix SONG and its plain sum, and write both and a picture of them into OUT."""
    mixer = AutoMix.from_pretrained()
    out.mkdir(parents=True, exist_ok=True)
    courses = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, amount in (("before", 0), ("after", 100)):
            delivery = Delivery(loudness_lufs=LOUDNESS_LUFS, stems=False)
            mixer.mix(song, Path(scratch, name), delivery, balance=Balance(amount=amount))
            audio, rate = soundfile.read(Path(scratch, name, "mix.wav"), dtype="float32", always_2d=True)
            soundfile.write(out / f"{name}.mp3", audio, rate, format="MP3")
            courses[TITLES[name]] = follow(audio.T, rate)
    _draw(courses, out / "course.png")


def _draw(courses: dict[str, Course], file: Path) -> None:
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH_INCHES, 5.0), layout="constrained")
        loudness, width, spectrum = figure.subplots(3, 1)
        colour = colours(list(courses))
        for name, course in courses.items():
            line = {"color": colour[name], "label": name}
            loudness.plot(course.loudness_seconds, course.short_term_lufs, **line)
            width.plot(course.pan_seconds, np.maximum(course.width_db, -60), **line)
            spectrum.semilogx(course.bands_hz, course.long_term_dbfs, **line)
        loudness.set(ylabel="LUFS", title="short-term loudness", xlabel="seconds")
        width.set(ylabel="dB", title="side over mid", xlabel="seconds")
        spectrum.set(ylabel="dBFS", title="long-time spectrum", xlabel="Hz")
        spectrum.set_xticks(FREQUENCIES_HZ, labels=[f"{hz:,}" for hz in FREQUENCIES_HZ])
        spectrum.xaxis.set_minor_locator(NullLocator())
        loudness.legend()
        figure.savefig(file, dpi=80, facecolor="white", metadata={"Software": None})


if __name__ == "__main__":
    main()
