"""What ``psf-monitor check`` prints, step by step."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from psf_monitor.check.steps import STEPS
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import Settings
from tests.support.records import GUN, PED

HAMMER = AccountMode.HAMMER_PRO


ALL = (GUN, PED, HAMMER)


@dataclass(frozen=True, slots=True)
class Printed:
    """The command's output and its exit code."""

    code: int
    text: str

    def of(self, target: AccountMode, step: str) -> tuple[str, str]:
        """How the step ended and its result; it has to be printed exactly once."""
        line = rf"^{target} +{step} +(ok|FAILED|not reached)(?: +[0-9]+ ms)?(?:  (.+))?$"
        found: list[tuple[str, str]] = re.findall(line, self.text, re.MULTILINE)
        assert len(found) == 1, f"{target} {step} in\n{self.text}"
        return found[0]

    def failed_at(self, target: AccountMode) -> str:
        """The only step of the target that failed; all before it are ok and none after it was reached."""
        ended = [self.of(target, step)[0] for step in STEPS[target]]
        place = ended.index("FAILED")
        assert ended[:place] == ["ok"] * place
        assert ended[place + 1 :] == ["not reached"] * (len(ended) - place - 1)
        return STEPS[target][place]

    def is_all_ok(self, target: AccountMode) -> bool:
        return all(self.of(target, step)[0] == "ok" for step in STEPS[target])


Checked = Callable[..., "asyncio.Future[Printed]"]


def with_login(settings: Settings, mode: AccountMode, **changes: object) -> Settings:
    changed = replace(settings.ibkr[mode], **changes)
    return replace(settings, ibkr={**settings.ibkr, mode: changed})


def with_hammer(settings: Settings, **changes: object) -> Settings:
    return replace(settings, hammer=replace(settings.hammer, **changes))
