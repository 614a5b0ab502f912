"""What a mix depends on, as one hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from wavemix.data.ledger import sha256
from wavemix.data.session import Session
from wavemix.pipeline import Delivery


def fingerprint(session: Session, delivery: Delivery, weights: Mapping[str, str], precision: str) -> str:
    """The hash of the tracks' bytes, their routing, the form of the files, the weights and the precision.

    Neither where the files lie nor when they were written matters.

    Args:
        session: The song.
        delivery: The form of the files.
        weights: The sha256 of each model's weights, by the model's name.
        precision: Of the arithmetic, as in `AutoMix.from_pretrained`. The backends give one mix, the precisions do not.

    Raises:
        WavemixError: If a track cannot be read.
    """
    tracks = [(track.file.as_posix(), track.group, track.role, sha256(session.path(track))) for track in session.tracks]
    parts = {"tracks": tracks, "delivery": asdict(delivery), "weights": dict(weights), "precision": precision}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
