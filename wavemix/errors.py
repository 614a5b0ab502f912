"""The one exception that a user is meant to read."""


class WavemixError(Exception):
    """A problem with what the user gave us.

    The message is one sentence that names the file (or option) and the remedy; the command line prints it
    as it stands and exits with status 1.
    """
