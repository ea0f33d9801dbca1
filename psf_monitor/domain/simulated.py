"""The words by which a simulated TWS or HAMMER can be told from a real one."""

MARK = "(simulated by psf_monitor)"


def is_simulated(text: str) -> bool:
    """Whether what a far side said at the door tells that nothing of it is real."""
    return MARK in text
