"""Sharing out songs, with workers that live in this process and die as they are told."""

from collections import Counter, deque
from pathlib import Path

import pytest

from wavemix.catalogue import Outcome, Song
from wavemix.catalogue.pool import WorkerDied, share_out
from wavemix.errors import WavemixError

SONGS = [Song(str(number), Path(str(number))) for number in range(20)]


class FakeMember:
    def __init__(self, pool: "FakePool") -> None:
        self.pool, self.song = pool, None

    def ask(self, song):
        self.song = song

    def answer(self):
        if self.song is None:
            return self.pool.load()
        self.pool.asked[self.song.name] += 1
        if self.pool.deaths[self.song.name] > 0:
            self.pool.deaths[self.song.name] -= 1
            raise WorkerDied
        return Outcome(self.song, "mixed")


class FakePool:
    """A pool whose members answer in turn."""

    def __init__(self, size: int = 3, deaths: dict[str, int] | None = None, loads: list[str] | None = None) -> None:
        self.size, self.deaths, self.loads = size, Counter(deaths), deque(loads or [])
        self.asked: Counter[str] = Counter()
        self.hired, self.living, self.most = 0, set(), 0

    def load(self) -> str:
        answer = self.loads.popleft() if self.loads else ""
        if answer == "death":
            raise WorkerDied
        return answer

    def hire(self):
        self.hired += 1
        member = FakeMember(self)
        self.living.add(member)
        self.most = max(self.most, len(self.living))
        return member

    def wait(self, members):
        assert members
        return members[-1]

    def dismiss(self, members):
        assert set(members) <= self.living
        self.living -= set(members)


def states(pool, songs=SONGS):
    outcomes = [(outcome.song.name, outcome.state) for outcome in share_out(pool, songs)]
    assert not pool.living
    assert len(outcomes) == len(dict(outcomes)) == len(songs)
    return dict(outcomes)


@pytest.mark.parametrize("size", [1, 3, 50])
def test_every_song_is_done_once_by_no_more_workers_than_there_are_songs(size):
    pool = FakePool(size)
    assert set(states(pool).values()) == {"mixed"}
    assert set(pool.asked.values()) == {1}
    assert pool.most <= min(size, len(SONGS))


@pytest.mark.parametrize("size", [1, 3])
def test_a_song_whose_worker_dies_is_tried_once_more(size):
    pool = FakePool(size, deaths={"4": 1, "9": 2, "19": 1})
    found = states(pool)
    assert [name for name, state in found.items() if state == "failed"] == ["9"]
    assert {name: count for name, count in pool.asked.items() if count > 1} == {"4": 2, "9": 2, "19": 2}
    assert pool.most <= size


def test_workers_that_die_at_birth_are_replaced_but_not_for_ever():
    assert set(states(FakePool(2, loads=["death", "death", "", "death"])).values()) == {"mixed"}
    pool = FakePool(2, loads=["death"] * 9)
    with pytest.raises(WavemixError, match="3 workers died while they loaded the models"):
        list(share_out(pool, SONGS))
    assert pool.hired < 6
    assert not pool.living


def test_models_that_cannot_be_loaded_end_the_batch():
    pool = FakePool(2, loads=["no such weights."])
    with pytest.raises(WavemixError, match=r"^no such weights\.$"):
        list(share_out(pool, SONGS))
    assert not pool.living


def test_who_stops_listening_ends_the_workers():
    pool = FakePool()
    outcomes = share_out(pool, SONGS)
    next(outcomes)
    outcomes.close()
    assert not pool.living
    assert sum(pool.asked.values()) == 1


def test_no_songs_need_no_workers():
    pool = FakePool()
    assert states(pool, []) == {}
    assert pool.hired == 0
