"""One server, and all outputs of the product: window, HTTP, command line, CSV."""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from psf_monitor.cli import snapshot
from psf_monitor.domain.account import AccountMode
from psf_monitor.journal.journal import Journal
from psf_monitor.settings import Settings
from tests.api.client import ApiClient, opened
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import Script
from tests.support.waiting import LONGER_AND_LONGER_S, PATIENCE_S

Records = dict[Any, dict[str, Any]]


class Printed(NamedTuple):
    """The result of ``psf-monitor snapshot --json``; ``reported`` is ``None`` if it printed nothing."""

    code: int
    reported: dict[str, Any] | None
    err: str

    def orders(self) -> Records:
        return _by(self.reported or {}, "orders", "perm_id")

    def positions(self) -> Records:
        return _by(self.reported or {}, "positions", "con_id")


@dataclass
class AllOutputs:
    """A product, the local API in front of it, the command beside it and the journal under it."""

    product: ScriptedProduct
    api: ApiClient
    journal: Path
    capsys: pytest.CaptureFixture[str]

    async def http(self, path: str, mode: AccountMode = GUN, **more: Any) -> dict[str, Any]:
        """The answer to ``GET``; it has to be one."""
        of_login = path.startswith("account/ibkr/") and not path.endswith("status")
        params = {"account_type": mode.value} if of_login else {}
        answer = await self.api.get(path, params={**params, **more})
        assert answer.status_code == 200, answer.text
        reported: dict[str, Any] = answer.json()
        return reported

    async def orders(self) -> Records:
        return _by(await self.http("account/ibkr/orders"), "orders", "perm_id")

    async def positions(self) -> Records:
        return _by(await self.http("account/ibkr/positions"), "positions", "con_id")

    async def fills(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.http("fills"))["fills"]
        return found

    async def status(self) -> dict[str, Any]:
        """The record of the login's connection."""
        found: dict[str, Any] = (await self.http("account/ibkr/status"))[GUN.value]
        return found

    async def command(self, within_s: float = PATIENCE_S) -> Printed:
        """Take a snapshot from the command line, over a connection of its own."""
        self.capsys.readouterr()
        code = await snapshot.print_snapshot(self.product.monitor.settings, (GUN,), within_s)
        out, err = self.capsys.readouterr()
        return Printed(code, json.loads(out) if out else None, err)

    async def exported(self, day: date | None = None) -> list[dict[str, str]]:
        """The executions of a day as the export writes them."""
        day = day or self.product.clock().date()
        journal = Journal(self.journal)
        file = self.journal.with_suffix(".csv")
        try:
            await journal.export_fills(file, [], day, day, datetime(2026, 12, 1, tzinfo=UTC))
        finally:
            await journal.close()
        return list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))


@asynccontextmanager
async def all_outputs(
    of: Script, folder: Path, capsys: pytest.CaptureFixture[str], **more: Any
) -> AsyncIterator[AllOutputs]:
    """The product with this script behind it, nothing connected yet. Needs the fixture ``qapp``."""
    journal = folder / "journal.sqlite3"
    async with scripted(of, journal=journal, **more) as product, opened(product.monitor, folder) as api:
        yield AllOutputs(product, api, journal, capsys)


async def snapshot_in_vain(settings: Settings, why: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The command's error about a snapshot that never becomes complete; it contains ``why``."""
    err = ""
    for within_s in LONGER_AND_LONGER_S:
        assert await snapshot.print_snapshot(settings, (GUN,), within_s) == snapshot.FAILED
        out, err = capsys.readouterr()
        assert out == ""
        if why in err:
            return err
    raise AssertionError(f"{why} is not in {err}")


def differences(fields: Mapping[str, Any] | None, right: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the wrong fields of a record: actual and correct, which is a value or a test of it."""
    if fields is None:
        return {"the record": (None, dict(right))}
    return {
        key: (fields.get(key), value)
        for key, value in right.items()
        if not (value(fields.get(key)) if isinstance(value, Callable) else fields.get(key) == value)  # type: ignore[arg-type]
    }


def _by(fields: Mapping[str, Any], name: str, key: str) -> Records:
    return {record[key]: record for record in fields.get(name, ())}
