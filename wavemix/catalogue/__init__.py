"""Catalogues: a list of songs in, a mix of each out, by many workers, and what is done is not done again."""

from wavemix.catalogue.batch import Pace, mix_catalogue
from wavemix.catalogue.destination import Destination
from wavemix.catalogue.listing import Song, read_catalogue
from wavemix.catalogue.pool import Pool
from wavemix.catalogue.worker import Outcome, Settings

__all__ = ["Destination", "Outcome", "Pace", "Pool", "Settings", "Song", "mix_catalogue", "read_catalogue"]
