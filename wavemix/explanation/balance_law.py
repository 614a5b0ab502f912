"""The law by which a fader and a pan become the gains of two sides: a balance of 0 dB.

In the middle both sides have the fader's gain. Towards one side the other falls linearly to silence, and the near one
stays. A mono track and a stereo one obey it alike: of a mono track both sides carry the same, of a stereo one each
side its own, which makes the pan a balance. Reaper calls this `Balance` with a pan law of 0 dB.
"""


def fader_and_pan(left: float, right: float) -> tuple[float, float]:
    """The fader's gain and the pan, -1 (left) to 1 (right), of the gains of two sides, which are not negative.

    >>> fader_and_pan(0.5, 0.25), fader_and_pan(0.0, 0.5), fader_and_pan(0.0, 0.0)
    ((0.5, -0.5), (0.5, 1.0), (0.0, 0.0))
    """
    fader = max(left, right)
    if fader == 0:
        return 0.0, 0.0
    return fader, right / fader - left / fader


def sides(fader: float, pan: float) -> tuple[float, float]:
    """The gains of left and right, as `fader_and_pan` takes them.

    >>> sides(0.5, -0.5)
    (0.5, 0.25)
    """
    return fader * min(1.0, 1.0 - pan), fader * min(1.0, 1.0 + pan)


def pan_in_words(pan: float) -> str:
    """A pan as a console shows it.

    >>> pan_in_words(-0.351), pan_in_words(0.0), pan_in_words(1.0)
    ('L35', 'C', 'R100')
    """
    percent = round(100 * abs(pan))
    return f"{'L' if pan < 0 else 'R'}{percent}" if percent else "C"
