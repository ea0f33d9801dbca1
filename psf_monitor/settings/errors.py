"""How a setting is turned down: what is wrong with it, where it stands, and what is accepted. Pure."""

from pathlib import Path

from psf_monitor.problem import Problem


class SettingsError(Exception):
    """A setting is wrong: the sentence names its source, its value and what is accepted.

    ``problem`` has the same in its parts. A reader, which knows neither source nor key, says what is
    accepted alone. ``file`` is the one that has it; ``sentence`` and ``problem`` do not name that. ``field``
    is the name of the value that was refused, as profiles have it, and ``accepted`` what it may be instead;
    both are empty where the fault is none of a single value.
    """

    def __init__(
        self,
        sentence: str,
        problem: Problem | None = None,
        *,
        file: Path | None = None,
        field: str = "",
        accepted: str = "",
    ) -> None:
        super().__init__(sentence if file is None else f"{file}: {sentence}")
        self.sentence = sentence
        self.problem = problem or Problem(sentence)
        self.field = field
        self.accepted = accepted


def not_accepted(
    value: str, error: SettingsError, *, field: str = "", file: Path | None = None
) -> SettingsError:
    """Return the error of a value that a reader turned down; ``value`` is it with its name."""
    why = f"{value} is not accepted"
    problem = Problem("A value is not accepted.", why=f"{why}.", to_do=str(error))
    return SettingsError(f"{why}; {error}", problem, file=file, field=field, accepted=str(error))
