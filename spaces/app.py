"""The app as a Hugging Face Space: for everybody, so with the small models and less room for each."""

import os

from wavemix import AutoMix
from wavemix.app import Limits, serve

LIMITS = Limits(song_bytes=500_000_000, files=64, visits=12, idle_seconds=600)

if __name__ == "__main__":
    serve(
        lambda: AutoMix.from_pretrained(family="lite"),
        host=os.environ.get("HOST", "0.0.0.0"),
        port=int(os.environ.get("PORT", "7860")),
        limits=LIMITS,
        tell=lambda address: print(address, flush=True),
    )
