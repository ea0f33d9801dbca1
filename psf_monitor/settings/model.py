"""The checked settings of one run."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import asdict

from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.domain.indicators import DEFAULT_RULES, IndicatorRules


class IbkrProfile(Struct, frozen=True):
    """How to reach one IBKR login.

    An empty ``account_id`` means every account of the login. ``expects_paper`` is what the trader expects the
    login to be; the actual account id decides. ``orders_every_s`` is how often TWS is asked for its orders:
    unsolicited it sends a client only the client's own orders, and this client has none.
    """

    mode: AccountMode
    host: str
    port: int
    client_id: int
    account_id: str = ""
    expects_paper: bool = False
    reconnect: bool = True
    orders_every_s: float = 2.5


class HammerProfile(Struct, frozen=True):
    """How to reach Hammer Pro. With an empty ``streamer`` the adapter chooses. The repr hides the password.

    ``silent_after_s`` is how long HAMMER may be silent during the session before its prices count as old.
    """

    host: str
    port: int
    password: str = ""
    streamer: str = ""
    account_key: str = ""
    reconnect: bool = True
    silent_after_s: float = 15.0

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in asdict(self).items() if name != "password")
        return f"{type(self).__name__}({', '.join(shown)})"


class ApiSettings(Struct, frozen=True):
    """Whether and where the local API listens: only at a loopback address. Port 0 takes a free one."""

    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = 8766


class RecordSettings(Struct, frozen=True):
    """Whether the wires are recorded from the start, and after how many days a recording is removed."""

    enabled: bool = False
    days: int = 14


class FactsSettings(Struct, frozen=True):
    """The trader's own CSV files of facts, and the par value, in USD, where no file gives one."""

    files: tuple[Path, ...] = ()
    par: float | None = None


class Settings(Struct, frozen=True):
    """The checked settings: a profile for each IBKR login that is not switched off, and HAMMER's.

    ``symbols`` is the trader's table of HAMMER symbols, a file that need not exist, or ``None``.
    ``records_journal`` is whether the window writes the journal, ``record`` what is recorded of the wires,
    ``indicators`` how prints are weighted in GRPAN and RWVAP, ``facts`` where the trader's facts about shares
    are. ``overruled`` holds, by section and key, the source that overrides settings.toml at every start: the
    environment, .env or the command line.
    """

    ibkr: Mapping[AccountMode, IbkrProfile]
    hammer: HammerProfile
    symbols: Path | None = None
    api: ApiSettings = ApiSettings()
    records_journal: bool = True
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
        """The IBKR profiles that should be paper logins."""
        return frozenset(mode for mode, profile in self.ibkr.items() if profile.expects_paper)
