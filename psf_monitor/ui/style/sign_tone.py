"""The tone of an amount, by its sign as shown."""

from psf_monitor.ui.style.theme import Tone

HALF_USD, HALF_CENT, HALF_PRICE = 0.5, 0.005, 0.00005
"""Half of the last digit of an amount in whole USD, of an amount or percent with two decimals, and of a
price.
"""


def signed_tone(value: float | None, half: float, unknown: Tone = Tone.TEXT2) -> Tone:
    """Return gain or loss by the sign of what is shown; ``half`` is half of its last digit."""
    if value is None:
        return unknown
    return Tone.TEXT if abs(value) < half else Tone.GAIN if value > 0 else Tone.LOSS
