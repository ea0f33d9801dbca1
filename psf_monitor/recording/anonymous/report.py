"""The report about what was replaced in a recording."""

from dataclasses import dataclass, field

from psf_monitor.formatting import counted, listed


@dataclass(slots=True)
class Report:
    """How many different values of each kind were replaced, and in how many messages.

    ``common`` are names and references that are also common words, such as a symbol: they were replaced only
    where they stand as a name or reference. ``problems`` are sentences about damage.
    """

    accounts: int = 0
    names: int = 0
    references: int = 0
    hosts: int = 0
    paths: int = 0
    messages: int = 0
    scaled: int = 0
    left_out: int = 0
    common: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        replaced = [
            counted(self.accounts, "account number"),
            counted(self.names, "name"),
            counted(self.references, "order reference"),
        ]
        for count, thing in ((self.hosts, "host"), (self.paths, "path")):
            if count:
                replaced.append(counted(count, thing))
        parts = [f"{listed(replaced)} were replaced, in {counted(self.messages, 'message')}"]
        if self.scaled:
            parts.append(
                f"{self.scaled} quantities and amounts were multiplied, by a factor for each account"
                if self.scaled != 1
                else "1 quantity or amount was multiplied, by a factor for its account"
            )
        if self.left_out:
            parts.append(f"{counted(self.left_out, 'piece')} that made no whole message were left out")
        if self.common:
            parts.append(
                f"{listed(self.common)} stayed where it is no name of yours: it is a word of the trade, too"
            )
        return "; ".join(parts) + "."
