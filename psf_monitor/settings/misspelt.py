"""Names in .env and the environment that nearly match ours, so that no value is silently ignored."""

from collections.abc import Callable, Collection, Iterable, Iterator

from psf_monitor.settings.errors import SettingsError

_MOST_NAME = 60
_OURS = "PSF_MONITOR_"
_SHARED = ("IBKR_", "HAMMER_")
"""The trader's other programs use names with these prefixes, too."""


_ALSO_CALLED = {
    "ACCT": "ACCOUNT_ID",
    "PASS": "PASSWORD",
    "PASSWD": "PASSWORD",
    "PWD": "PASSWORD",
}
"""Common alternatives for the last part of a name."""


def faults(
    names: Iterable[str], known: Collection[str], where: Callable[[str], str]
) -> Iterator[SettingsError]:
    """Yield an error for each name that is a misspelling of one of ``known``; ``where`` says its place.

    Any name that begins with PSF_MONITOR_ is meant as ours; for other prefixes it must be nearly right.
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
    """Return whether it equals ``known`` except for one letter, word order, underscores, or its last word."""
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
