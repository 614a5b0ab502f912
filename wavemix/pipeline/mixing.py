"""What a mix from files and a mix from arrays have in common: sources checked, the road travelled, a report written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from wavemix.audio.files import AudioInfo
from wavemix.audio.writing import check_rate
from wavemix.dsp.levels import gain_to_db
from wavemix.errors import WavemixError
from wavemix.explanation.explain import Heard, explain
from wavemix.explanation.explanation import Explanation
from wavemix.pipeline.delivery import Delivery
from wavemix.pipeline.finish import Finished, Signal
from wavemix.pipeline.report import (
    OutputReport,
    Report,
    describe_ignored,
    describe_model,
    describe_playback,
    describe_tracks,
    describe_warnings,
    versions,
)
from wavemix.session.groups import GROUPS, MIX
from wavemix.session.session import Session
from wavemix.session.sources import check_audible, check_sources, common_rate, song_samples
from wavemix.system.balance import Balance
from wavemix.system.feeds import feed_of_sources
from wavemix.system.progress import Progress, Stopwatch
from wavemix.system.road import NewStage, Road
from wavemix.takes.care import Care, take_care
from wavemix.zoo.mixer import Mixer


@dataclass(frozen=True)
class Wishes:
    """What the user wants of a mix.

    Attributes:
        delivery: The form of what comes out.
        balance: Gains of groups, and how much of the networks' work.
        block_seconds: What is computed at a time; None for the whole song.
        progress: Told of every stage.
        explain: Whether to find the faders and pans that come nearest to the mix.
        daw: The DAWs to write sessions for, by their names in `wavemix.daw.formats`; they need an explanation.
        care: What is done to tracks before they are mixed.
    """

    delivery: Delivery
    balance: Balance
    block_seconds: float | None
    progress: Progress
    explain: bool = False
    daw: tuple[str, ...] = ()
    care: Care = Care()


class Mixing:
    """One song on its way through the system.

    Attributes:
        session: The song, with what is done to its tracks.
        sources: Its tracks, checked.
        rate: The models', in Hz.
        samples: Its length at that rate.
        out_rate: The output's rate, in Hz.
        out_samples: Its length at that rate.
        watch: Passes progress on and takes the time.
    """

    def __init__(
        self,
        models: Mapping[str, Mixer],
        session: Session,
        opened: Sequence[Callable[[], AudioInfo]],
        wishes: Wishes,
        called: object,
    ) -> None:
        """Read all tracks once.

        Args:
            models: All five.
            session: The song.
            opened: For each track what opens its file, or gives the array that stands for one.
            wishes: The user's.
            called: What errors call the song.

        Raises:
            WavemixError: If a track cannot be used, every track is silent or muted, or files of the form that is wanted
                cannot have the song's rate.
        """
        self._models, self._wishes = models, wishes
        self.watch = Stopwatch(wishes.progress)
        self.rate = models[MIX].sample_rate
        if wishes.care:
            self.watch.stage("listen", len(session.tracks) * wishes.care.passes)
        self._care = take_care(session, opened, wishes.care, self.watch.advance)
        self.session = session = self._care.session
        self.watch.stage("check", len(session.tracks))
        levels = {group: models[group].config.input_levels for group in GROUPS}
        self.sources = check_sources(session.tracks, self._care.opened, levels, self.rate, self.watch.advance)
        check_audible(self.sources, called)
        self.samples = song_samples(self.sources, self.rate)
        self.out_rate = _out_rate(wishes.delivery, self.rate, common_rate(self.sources))
        self.out_samples = song_samples(self.sources, self.out_rate)

    def travel(self, new_stage: NewStage) -> "tuple[dict[str, Signal], dict[str, dict[str, Any]]]":
        """What becomes of the mix and the stems, by name, and what the report says of the models.

        Raises:
            WavemixError: If a model gives no numbers.
        """
        road = Road(self._models, self.samples, self._wishes.block_seconds, self.watch)
        arrival = road.travel(feed_of_sources(self.sources, self._models), self._wishes.balance, new_stage)
        described = {name: describe_model(model, arrival.ran[name]) for name, model in self._models.items()}
        if arrival.stem_gains:
            gains_db = {group: round(gain_to_db(gain), 4) for group, [gain] in arrival.stem_gains.items()}
            described[MIX]["input_gains_db"] = gains_db
        signals = {
            name: Signal(layers, self.rate, self.samples, self.out_rate, self.out_samples)
            for name, layers in arrival.layers.items()
        }
        return signals, described

    def explain(self, signals: Mapping[str, Signal], outputs: Sequence[OutputReport]) -> Explanation:
        """The mix as faders and pans: its signals at the models' rate, with the gains of its outputs."""
        self.watch.stage("explain", 3 * self.samples)
        streams = {name: signal.reading for name, signal in signals.items()}
        heard = Heard(self.session.name, self.sources, streams, self.rate, self.samples)
        gains_db = [output.gain_db for output in outputs]
        stems_db = gains_db[1] if len(gains_db) > 1 else 0.0
        return replace(explain(heard, self.watch.advance), master_db=gains_db[0], stems_db=stems_db)

    def report(
        self,
        models: Mapping[str, Mapping[str, Any]],
        finished: Finished[OutputReport],
        source: str = "",
        companions: Sequence[str] = (),
        explanation: Explanation | None = None,
        earlier_outputs: Sequence[str] = (),
        session_sha256: str = "",
    ) -> Report:
        """All that is known of the mix, now that it is made.

        Args:
            models: What `travel` said of them.
            finished: What came out.
            source: Where its tracks lie; as `companions` and the last two, of files only and as in `Report`.
            companions: What was written beside the sound files.
            explanation: The mix as faders and pans, if it was asked for.
            earlier_outputs: What lies there still.
            session_sha256: Hash of the routing that was written.
        """
        return Report(
            song=self.session.name,
            source=source,
            seconds=round(self.out_samples / self.out_rate, 3),
            rate=self.out_rate,
            balance=asdict(self._wishes.balance),
            models=models,
            tracks=describe_tracks(self.sources, self.rate, self.samples, self._care.alignments),
            ignored=describe_ignored(self.session),
            warnings=describe_warnings(self.session, self.sources),
            outputs=finished.outputs,
            playback=describe_playback(finished.outputs[0], finished.mono),
            companions=companions,
            explanation=explanation,
            earlier_outputs=earlier_outputs,
            session_sha256=session_sha256,
            seconds_taken=self.watch.stop(),
            versions=versions(),
        )


def _out_rate(delivery: Delivery, model: int, source: int) -> int:
    """The rate in Hz of what comes out, where the models' and the song's own are these."""
    rate = {"model": model, "source": source}.get(str(delivery.rate)) or int(delivery.rate)
    try:
        check_rate(delivery.format, rate)
    except ValueError as error:
        raise WavemixError(f"--rate source: {error}.") from error
    return rate
