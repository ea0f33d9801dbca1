"""Errors of settings: what is wrong, where, and what is accepted. Pure."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from psf_monitor.problem import Problem

BACKSLASHES = r"A path with backslashes goes in single quotes: 'C:\trading\mine.csv'."


class SettingsError(Exception):
    """A setting is wrong; the sentence names its source, its value and what is accepted.

    ``problem`` has the same in parts. A reader, which knows neither source nor key, states only what is
    accepted. ``file`` and ``line`` are where it is; ``sentence`` and ``problem`` do not repeat them.
    ``field`` is the name of the refused value in its profile, and ``accepted`` what it may be instead; both
    are empty if the error is not about a single value. ``faults`` are the errors that this one combines.
    """

    def __init__(
        self,
        sentence: str,
        problem: Problem | None = None,
        *,
        file: Path | None = None,
        line: int | None = None,
        field: str = "",
        accepted: str = "",
    ) -> None:
        place = "" if file is None else f"{file}: " if line is None else f"{file}: line {line}: "
        super().__init__(f"{place}{sentence}")
        self.sentence = sentence
        self.problem = problem or Problem(sentence)
        self.field = field
        self.accepted = accepted
        self.faults: Sequence[SettingsError] = (self,)


class SeveralSettingsError(SettingsError):
    """Several settings are wrong; one line for each."""

    def __init__(self, faults: Iterable[SettingsError]) -> None:
        each = list(faults)
        what = Problem(f"{len(each)} settings are wrong.", why=" ".join(fault.sentence for fault in each))
        super().__init__("\n".join(fault.sentence for fault in each), what)
        self.args = ("\n".join(map(str, each)),)
        self.faults = each


def together(faults: Iterable[SettingsError]) -> SettingsError:
    """Return these, at least one, as one error, without duplicates."""
    each = list({str(fault): fault for fault in faults}.values())
    return each[0] if len(each) == 1 else SeveralSettingsError(each)


def raise_together(faults: Iterable[SettingsError]) -> None:
    """Raise these as one ``SettingsError``, without duplicates; do nothing if there are none."""
    each = list(faults)
    if each:
        raise together(each)


def not_accepted(
    value: str,
    error: SettingsError,
    *,
    field: str = "",
    file: Path | None = None,
    line: int | None = None,
) -> SettingsError:
    """Return the error of a value that a reader refused; ``value`` is the value with its name."""
    why = f"{value} is not accepted"
    problem = Problem("A value is not accepted.", why=f"{why}.", to_do=str(error))
    return SettingsError(f"{why}; {error}", problem, file=file, line=line, field=field, accepted=str(error))
