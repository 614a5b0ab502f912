"""`wavemix recogniser`: what teaches, measures and publishes the model that tells tracks by their sound."""

from pathlib import Path

import click

from wavemix.cli.console import print_table, say, spinner
from wavemix.cli.types import PLACE
from wavemix.errors import WavemixError


@click.group()
def recogniser() -> None:
    """Teach, measure and publish the model that tells tracks by their sound: material, train, measure, adopt."""


@recogniser.command()
@click.argument("output", metavar="MATERIAL", type=PLACE)
@click.option("--ingredients", required=True, type=PLACE, help="Samples, rooms and midi/, as for `wavemix render`.")
@click.option(
    "--songs", multiple=True, type=PLACE, help="Songs in the plain layout, whose split train is learned from."
)
@click.option(
    "--held-out", multiple=True, metavar="SONG", help="A song to learn nothing from: it tells how sure to be."
)
@click.option("--one-shots", multiple=True, type=PLACE, help="Sound files whose names tell what they are.")
@click.option("--instrument", "instruments", multiple=True, type=PLACE, help="Recorded notes: A3.mp3, Cs4.mp3, ...")
@click.option("--soundfont", "soundfonts", multiple=True, type=PLACE, help="[default: the one that is installed]")
@click.option("--only", metavar="WHAT,...", help="Make some of it: songs,soundfonts,...; `train` reads several.")
@click.option("--takes", default=2, show_default=True, type=click.IntRange(1, 100), help="How often each is played.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
def material(
    output: Path,
    ingredients: Path,
    songs: tuple[Path, ...],
    held_out: tuple[str, ...],
    one_shots: tuple[Path, ...],
    instruments: tuple[Path, ...],
    soundfonts: tuple[Path, ...],
    takes: int,
    seed: int,
    only: str | None,
) -> None:
    """Play, read and vary the sounds to learn from, and write what the network hears of them into MATERIAL."""
    from wavemix.ear_training.material import PLAYED, Sources, make_material
    from wavemix.rendering.performance import Ingredients
    from wavemix.rendering.soundfont import installed_soundfont

    fonts = soundfonts or (installed_soundfont(),)
    some = PLAYED if only is None else tuple(only.split(","))
    try:
        sources = Sources(
            Ingredients(ingredients, fonts[0]), fonts, songs, one_shots, instruments, held_out, takes, seed, some
        )
    except ValueError as error:
        raise WavemixError(f"--only: {error}.") from error
    say(f"wrote {output}: {make_material(sources, output, say)} sounds")


@recogniser.command()
@click.argument("material", nargs=-1, required=True, type=PLACE)
@click.option("-o", "--output", required=True, type=PLACE, help="Folder for the model.")
@click.option("--steps", default=6000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
def train(material: tuple[Path, ...], output: Path, steps: int, seed: int) -> None:
    """Train the model on one MATERIAL or several, see how sure it may be, and write it. Started again, it goes on."""
    from wavemix.cards.recogniser_card import write_recogniser_metrics
    from wavemix.ear_training.cache import read_caches
    from wavemix.ear_training.fit import Course, fit
    from wavemix.ear_training.learned import learned_from
    from wavemix.recognition.config import RecogniserConfig, class_names
    from wavemix.recognition.features import BANDS
    from wavemix.zoo.recogniser import save_recogniser

    cache = read_caches(material)
    checkpoint = output / "training.ckpt"
    fitted = fit(cache, Course(steps=steps, seed=seed), say, checkpoint)
    config = RecogniserConfig(class_names(), BANDS, temperature=fitted.temperature)
    save_recogniser(fitted.net, config, output)
    write_recogniser_metrics(output, learned_from(cache) | {"steps": steps, "seed": seed})
    checkpoint.unlink(missing_ok=True)
    for kind, share in fitted.held_out.items():
        say(f"held out, {kind}: {share:.1%} of the groups heard")
    say(f"wrote {output}; measure it with: wavemix recogniser measure CORPUS/valid --weights {output}")


@recogniser.command()
@click.argument("songs", nargs=-1, required=True, type=PLACE)
@click.option("--weights", type=PLACE, help="Folder of a model of your own.  [default: the published one]")
@click.option("--write", is_flag=True, help="Write what was measured into the model's card.")
def measure(songs: tuple[Path, ...], weights: Path | None, write: bool) -> None:
    """Hear the raw tracks of SONGS, folders of songs in the plain layout, and say how often that was right."""
    from wavemix.cards.card import read_metrics
    from wavemix.cards.recogniser_card import measured_text, write_recogniser_metrics
    from wavemix.data.plain import find_songs
    from wavemix.ear_training.measure import judge, measured
    from wavemix.zoo.places import find
    from wavemix.zoo.recogniser import read_recogniser
    from wavemix.zoo.registry import RECOGNISER

    place = find(RECOGNISER.name, weights)
    if weights is not None and place.folder not in (weights, weights / RECOGNISER.name):
        raise WavemixError(f"{weights}: holds no recogniser; name a folder that `wavemix recogniser train` wrote.")
    found = [song for folder in songs for song in find_songs(folder)]
    with spinner("hearing") as tell:
        judgement = judge(read_recogniser(place), found, tell)
    result = measured(judgement, tuple(song.name for song in found))
    print_table(
        f"{result.tracks} raw tracks: what they are, and what they were heard as",
        ("", *result.columns),
        [(one.row, *(str(count or "") for count in one.counts)) for one in result.confusion],
    )
    say(measured_text(result).split("\n", 1)[0])
    say(f"A processor worked for {1000 * judgement.seconds:.0f} ms on a track.")
    for mistake in result.mistakes:
        say(mistake)
    if write:
        from dataclasses import asdict

        write_recogniser_metrics(place.folder, read_metrics(place.folder) | {"measured": asdict(result)})


@recogniser.command()
@click.argument("folder", metavar="MODEL", type=PLACE)
def adopt(folder: Path) -> None:
    """Put MODEL, a folder that `train` wrote and `measure --write` measured, in the published model's place."""
    from wavemix.publishing.recogniser_adoption import adopt_recogniser

    say(f"recognise: published {folder}, sha256 {adopt_recogniser(folder)}")
