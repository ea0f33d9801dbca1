"""A process in which executions stream in, are kept and shown, until it is killed.

``python -m tests.journal.stream FILE SEED``. It says ``ready`` once it records, and then a line for each
execution at the moment when it is shown: its key, its revision and its commission.
"""

import asyncio
import os
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from psf_monitor.book.book import Book
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Span
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, FillKey, ListReach
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.recorder import Recorder
from psf_monitor.problem import Problem
from tests.support.fill_records import fill
from tests.support.records import GUN, Clock
from tests.support.waiting import PATIENT_JOURNAL


def send(*texts: object) -> None:
    os.write(sys.stdout.fileno(), (" ".join(map(str, texts)) + "\n").encode())


class Screen:
    """The trader has seen what is reported to it."""

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        del mode
        for each in fills:
            send(each.account, each.fill_id, each.revision, each.commission)

    def set_first_seen(self, seen: Mapping[FillKey, datetime]) -> None: ...
    def fills_listed(
        self,
        mode: AccountMode,
        accounts: Sequence[str],
        reach: ListReach = WHOLE_DAY,
        at: datetime | None = None,
    ) -> None: ...
    def set_recorded_spans(self, mode: AccountMode, spans: Sequence[Span]) -> None: ...
    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None: ...
    def fills(self) -> list[Fill]:
        return []


async def stream(path: Path, seed: int) -> None:
    rng, clock = random.Random(seed), Clock()
    recorder = Recorder(Journal(path), Screen(), Book(clock), clock, timing=PATIENT_JOURNAL)
    async with recorder.recording({}):
        send("ready")
        reported: list[Fill] = []
        while True:
            for _ in range(rng.randrange(4)):
                number = len(reported)
                reported.append(
                    fill(f"{seed}-{number}", account=rng.choice(("U1", "U2")), price=20 + number / 100)
                )
                recorder.fills_reported(GUN, reported[-1:])
            for index in rng.sample(range(len(reported)), min(3, len(reported))):
                known = reported[index]
                if rng.random() < 0.5:
                    reported[index] = replace(known, revision=known.revision + 1, commission=None)
                else:
                    reported[index] = replace(
                        known, commission=known.revision / 100, commission_currency="USD"
                    )
                recorder.fills_reported(GUN, [reported[index]])
            if rng.random() < 0.1:
                # As after a reconnect: the whole list once more.
                recorder.fills_reported(GUN, reported[-200:])
                recorder.fills_listed(GUN, ["U1", "U2"])
                recorder.take_snapshot()
            for _ in range(rng.randrange(20)):
                await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(stream(Path(sys.argv[1]), int(sys.argv[2])))
