"""What a mix depends on, as one hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from wavemix.data.hashing import sha256
from wavemix.pipeline import Balance, Care, Delivery, Engine
from wavemix.session.session import Session
from wavemix.zoo.config import ModelConfig

NO_CARE = Care()


def fingerprint(
    session: Session,
    delivery: Delivery,
    balance: Balance,
    models: Mapping[str, ModelConfig],
    engine: Engine,
    care: Care = NO_CARE,
) -> str:
    """The hash of the tracks' bytes, their routing and gains, the form of the files, the models and the precision.

    Neither where the files lie nor when they were written matters.

    Args:
        session: The song.
        delivery: The form of the files.
        balance: What the user wants of the mix.
        models: By the task; their weights count, and the levels of their inputs.
        engine: What computes them. All devices and backends give one mix; the precisions do not.
        care: What is measured and done of tracks before they are mixed.

    Raises:
        WavemixError: If a track cannot be read.
    """
    hashes = {path: sha256(path) for path in {path for track in session.tracks for path in session.paths(track)}}
    parts = {
        "tracks": [
            (
                track.label,
                track.group,
                track.role,
                track.gain_db,
                track.mute,
                track.start_seconds,
                [hashes[path] for path in session.paths(track)],
            )
            for track in session.tracks
        ],
        "delivery": asdict(delivery),
        "balance": asdict(balance),
        "models": {name: (config.sha256, asdict(config.input_levels)) for name, config in models.items()},
        "precision": engine.precision,
    }
    cared_for = [(track.alignment, track.places) for track in session.tracks]
    if care or any(row != (None, None) for row in cared_for):  # else as before there was any care
        parts["care"] = repr((care, cared_for))
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
