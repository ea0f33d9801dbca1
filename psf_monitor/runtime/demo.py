"""The settings, clock and files of a monitor: the user's own, or those of a demo."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from psf_monitor.domain.clock import system_clock
from psf_monitor.runtime.demo_folder import demo_folder, remove_left_over
from psf_monitor.settings import FactsSettings, HammerProfile, IbkrProfile, Settings
from psf_monitor.sim import demo

_FACT_FILE = "my-shares.csv"
DEMO_ALERTS = (
    Alert(0, AlertKind.PRICE, "MFA PRC", "last", Direction.UP, 24.10, sound="rise", is_again=True),
    Alert(0, AlertKind.PNL, what="day", direction=Direction.DOWN, figure=-2_000, sound="alarm"),
    Alert(0, AlertKind.LINK, sound="alarm", is_again=True),
)
"""The alerts of the demo with the scenario ``normal``; the first fires within seconds."""


class Files(Struct, frozen=True):
    """Where the journal and the API's token are kept; without ``journal`` no days are recorded."""

    journal: Path | None
    api_token: Path


@contextmanager
def open_files(files: Files | None) -> Iterator[Files]:
    """Yield the user's files, or those of a demo, which are removed at the end, with leftovers of killed
    demos.
    """
    remove_left_over()
    if files is not None:
        yield files
        return
    with demo_folder() as folder:
        yield Files(folder / "journal.sqlite3", folder / "api-token")


@asynccontextmanager
async def servers_for(
    settings: Settings | None, scenario: str, seed: int
) -> AsyncIterator[tuple[Settings, Callable[[], datetime]]]:
    """Yield settings and clock: the user's, or those of the demo's own servers and market."""
    if settings is not None:
        yield settings, system_clock
        return
    with demo_folder() as folder:
        async with demo.Gateways(scenario, seed=seed) as gateways:
            yield _demo_settings(gateways, folder), gateways.market.clock


def _demo_settings(gateways: "demo.Gateways", folder: Path) -> Settings:
    """Return settings for the demo's servers, and write the trader's own file if the scenario has one."""
    files: tuple[Path, ...] = ()
    if gateways.fact_file:
        files = (folder / _FACT_FILE,)
        files[0].write_text(gateways.fact_file, encoding="utf-8")
    ports = {AccountMode.IBKR_GUN: gateways.gun.port, AccountMode.IBKR_PED: gateways.ped.port}
    return Settings(
        ibkr={
            mode: IbkrProfile(mode, "127.0.0.1", port, client_id)
            for client_id, (mode, port) in enumerate(ports.items(), start=1)
        },
        hammer=HammerProfile("127.0.0.1", gateways.hammer.port, gateways.hammer.password),
        facts=FactsSettings(files),
    )
