"""The checked settings of one run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.indicators import DEFAULT_RULES, IndicatorRules


@dataclass(frozen=True)
class IbkrProfile:
    """How to reach one IBKR login.

    ``account_id`` empty means every account of the login. ``expects_paper`` is what the trader believes the
    login to be; the account id that arrives decides. ``orders_every_s`` is how often TWS is asked for its
    orders: by itself it tells a client only of the client's own, and this one has none.
    """

    mode: AccountMode
    host: str
    port: int
    client_id: int
    account_id: str = ""
    expects_paper: bool = False
    reconnect: bool = True
    orders_every_s: float = 2.5


@dataclass(frozen=True)
class HammerProfile:
    """How to reach Hammer Pro. An empty ``streamer``: the adapter chooses. No repr shows the password.

    ``silent_after_s`` is how long in the session HAMMER may say nothing until its prices count as old.
    """

    host: str
    port: int
    password: str = field(default="", repr=False)
    streamer: str = ""
    account_key: str = ""
    reconnect: bool = True
    silent_after_s: float = 15.0


@dataclass(frozen=True)
class ApiSettings:
    """Whether and where the local API listens: at a loopback address only. Port 0 takes a free one."""

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = 8766


@dataclass(frozen=True)
class RecordSettings:
    """Whether the wires are recorded from the start, and after how many days a recording is removed."""

    enabled: bool = False
    days: int = 14


@dataclass(frozen=True)
class FactsSettings:
    """The trader's own CSV files of facts, and what a share is issued at where no file says it, in USD."""

    files: tuple[Path, ...] = ()
    par: float | None = None


@dataclass(frozen=True)
class Settings:
    """The checked settings: one profile per IBKR login that is not switched off, and the one of HAMMER.

    ``symbols`` is the trader's table of HAMMER symbols, a file that need not exist; ``None``: there is none.
    ``keeps_journal`` is whether the window writes the days down, ``record`` what is kept of the wires,
    ``indicators`` what a print counts in GRPAN and RWVAP, ``facts`` where the trader's own facts of shares
    are. ``overruled`` names, by section and key, the source
    that wins over settings.toml at every start: the environment, .env or the command line.
    """

    ibkr: Mapping[AccountMode, IbkrProfile]
    hammer: HammerProfile
    symbols: Path | None = None
    api: ApiSettings = ApiSettings()
    keeps_journal: bool = True
    record: RecordSettings = RecordSettings()
    indicators: IndicatorRules = DEFAULT_RULES
    facts: FactsSettings = FactsSettings()
    overruled: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def switched_off(self) -> frozenset[AccountMode]:
        """The IBKR logins that are not used at all."""
        return frozenset(IBKR_MODES) - self.ibkr.keys()

    @property
    def expects_paper(self) -> frozenset[AccountMode]:
        return frozenset(mode for mode, profile in self.ibkr.items() if profile.expects_paper)
