"""Names in .env and in the environment that are nearly ours: a value that is not heard has to be said."""

from collections.abc import Callable, Collection, Iterable, Iterator

from psf_monitor.settings.errors import SettingsError

_MOST_NAME = 60
_OURS = "PSF_MONITOR_"
_SHARED = ("IBKR_", "HAMMER_")
"""Other programs of the trader's have names that begin like this, too."""


_ALSO_CALLED = {
    "ACCT": "ACCOUNT_ID",
    "PASS": "PASSWORD",
    "PASSWD": "PASSWORD",
    "PWD": "PASSWORD",
}
"""What others call the last part of a name."""


def faults(
    names: Iterable[str], known: Collection[str], where: Callable[[str], str]
) -> Iterator[SettingsError]:
    """Return an error for each name that is meant as one of ``known`` and is not it; ``where`` it stands.

    What begins with PSF_MONITOR_ is meant as ours; of other programs' names, one that is a slip away.
    """
    for full in names:
        name, upper = full[:_MOST_NAME], full.upper()
        if full in known or not upper.startswith((_OURS, *_SHARED)):
            continue
        meant = sorted(each for each in known if _is_slip(upper, each))
        if meant:
            yield SettingsError(f"{name} ({where(full)}) is not known; {' or '.join(meant)} is accepted.")
        elif upper.startswith(_OURS):
            accepted = ", ".join(sorted(each for each in known if each.startswith(_OURS)))
            yield SettingsError(f"{name} ({where(full)}) is not known; {accepted} are accepted.")


def _is_slip(name: str, known: str) -> bool:
    """Whether it is ``known`` but for one letter, the order of its words, underscores, or its last word."""
    if sorted(name.split("_")) == sorted(known.split("_")) or name.replace("_", "") == known.replace("_", ""):
        return True
    begin, _, last = name.rpartition("_")
    if f"{name}_ID" == known or f"{begin}_{_ALSO_CALLED.get(last)}" == known:
        return True
    longer, shorter = sorted((name, known), key=len, reverse=True)
    if len(longer) - len(shorter) > 1:
        return False
    head = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    if len(longer) > len(shorter):
        return longer[head + 1 :] == shorter[head:]
    swapped = shorter[head + 1 : head + 2] + shorter[head : head + 1] + shorter[head + 2 :]
    return longer[head + 1 :] == shorter[head + 1 :] or longer[head:] == swapped
