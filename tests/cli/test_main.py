"""The command line without a window: accepted input, output, and exit codes."""

import gc
import logging
import os
import socket
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from psf_monitor import __version__, settings
from psf_monitor.app import launch
from psf_monitor.app.options import WindowOptions
from psf_monitor.check import runner as check
from psf_monitor.check.timing import CheckTiming
from psf_monitor.cli import command_table
from psf_monitor.cli.console import FAILED
from psf_monitor.cli.main import main
from psf_monitor.cli.run_command import INTERRUPTED
from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import Settings, UserPaths
from tests.conftest import ExpectedErrors, named_in_failure


@pytest.fixture(autouse=True)
def _a_user_without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    paths = UserPaths()
    vars(paths).update(
        settings=tmp_path / "settings.toml",
        symbols=tmp_path / "symbols.csv",
        logs=tmp_path / "logs",
        pictures=tmp_path / "pictures",
        api_token=tmp_path / "api-token",
        journal=tmp_path / "journal.sqlite3",
        recordings=tmp_path / "recordings",
    )
    for module in (settings, settings.paths):
        monkeypatch.setattr(module, "user_paths", lambda: paths)
    monkeypatch.setattr(settings, "stored_password", lambda: "")
    for name in [name for name in os.environ if name.startswith(("IBKR_", "HAMMER_"))]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_that_the_version_is_reported(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([flag])
    assert capsys.readouterr().out == f"psf-monitor {__version__}\n"


def test_that_the_paths_are_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--paths"]) == 0
    out = capsys.readouterr().out
    assert f"settings  {tmp_path / 'settings.toml'}\n" in out
    assert f"symbols   {tmp_path / 'symbols.csv'}\n" in out
    assert f"layout    {tmp_path / 'ui.json'}\n" in out
    assert f"alerts    {tmp_path / 'alerts.json'}\n" in out
    assert f"log       {tmp_path / 'logs' / 'psf_monitor.log'}\n" in out
    assert f"pictures  {tmp_path / 'pictures'}\n" in out
    assert f"journal   {tmp_path / 'journal.sqlite3'}\n" in out
    assert f"api token {tmp_path / 'api-token'}\n" in out


WRONG_COMMAND_LINES = [
    (["--seed", "3"], "--seed needs --demo"),
    (["--scenario", "normal"], "--scenario needs --demo"),
    (["--screenshot", "a.png"], "--screenshot needs --demo"),
    (["--demo", "--after", "3"], "--after needs --screenshot"),
    (["--demo", "--scenario", "war"], "invalid choice: 'war'"),
    (["--demo", "--size", "huge"], "'huge' is not WIDTHxHEIGHT"),
    (["--demo", "--screenshot", "a.png", "--after", "-1"], "'-1' is not a number of seconds"),
    (["--demo", "snapshot", "--json"], "--demo is for the window"),
    (["snapshot"], "--json"),
    (["snapshot", "--json", "--account", "IBKR_JOE"], "IBKR_JOE"),
    (["snapshot", "--json", "--timeout", "nan"], "'nan' is not a number of seconds"),
    (["check", "--timeout", "1_0"], "'1_0' is not a number of seconds"),
    (["check", "--timeout", "١٢"], "'١٢' is not a number of seconds"),
    (["check", "--timeout", "1,125"], "from 0 to 86400. Write 1.125 or 1125, whichever is meant. "),
    (["replay", "a.psfrec", "--speed", "1,5"], "'1,5' is not a number from 0.1 to 240. Write 1.5. "),
    (["replay", "a.psfrec", "--speed", "1,125"], "from 0.1 to 240. Write 1.125. "),
    (["--demo", "--screenshot", "a.png", "--scale", "1,5"], "'1,5' is not a factor from 1 to 4"),
    (["--demo", "check"], "--demo is for the window"),
    (["check", "--account", "IBKR_JOE"], "IBKR_JOE"),
    (["check", "--timeout", "0"], "0 seconds are too short"),
    (["check", "--timeout", "soon"], "'soon' is not a number of seconds"),
    (["buy"], "'buy' is not a command"),
    (["--demo", "--size", "10x10"], "'10x10' is too small for the window; 720x410 is the least"),
    (["--demo", "--size", "12800x720"], "'12800x720' is not WIDTHxHEIGHT"),
    (["--demo", "--seed", "many"], "'many' is not a whole number"),
    (["--demo", "--screenshot", "nowhere/a.png"], "there is no folder 'nowhere'"),
    (["--demo", "--screenshot", "."], "'.' is a folder"),
    (["--demo", "--screenshot", ""], "'' names no file"),
    (["--demo", "--screenshot", "a.jpg"], "'a.jpg' does not end in .png"),
    (["--record", "nowhere/a.psfrec"], "there is no folder 'nowhere'"),
    (["replay", "a.psfrec", "--screenshot", "nowhere/a.png"], "there is no folder 'nowhere'"),
    (["anonymize", "a.psfrec", "nowhere/b.psfrec"], "there is no folder 'nowhere'"),
    (["export", "--gains", "2026", "--csv", "nowhere/a.csv"], "there is no folder 'nowhere'"),
    (["export", "--csv", "-"], "export needs --from and --to, or --gains. psf-monitor export --help"),
    (["export", "--csv", "-", "--from", "2026-09-18"], "export needs --to, or --gains"),
    (["--foo"], "--foo is not an option; --footer is one"),
    (["--gun-expects", "paper"], "--gun-expects is not an option"),
    (["--demo", "--scen", "normal"], "--scen is not an option"),
    (["snapshot", "--json", "--demo"], "--demo is not for snapshot"),
    (["snapshot", "--json", "--timeout", "0"], "0 seconds are too short"),
    (["serve", "--demo", "--tab", "fills"], "--tab is not for serve"),
    (["--tab", "fills", "--demo", "serve"], "--tab is for the window, not for serve"),
    (["--hide-values", "check"], "--hide-values is for the window, not for check"),
]


def test_that_a_wrong_command_line_is_named_and_nothing_starts(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, message in WRONG_COMMAND_LINES:
        with named_in_failure(arguments):
            with pytest.raises(SystemExit, match="2"):
                main(arguments)
            text = capsys.readouterr().err
            assert message in text
            assert text.count("\n") == 1
            assert text.endswith("--help lists what there is.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--gun-port", "0"], "--gun-port: '0' is not accepted"),
        (["--settings", "missing.toml"], "--settings: there is no file 'missing.toml'."),
        # Windows only reports that there is no file of such a name.
        (
            ["--settings", "x" * 300, "check"],
            "there is no file" if sys.platform == "win32" else "the file cannot be read",
        ),
        (["snapshot", "--json", "--hammer-port", "x"], "--hammer-port: 'x' is not accepted"),
        (["--ped-client-id", "0", "snapshot", "--json"], "client id 0 is refused"),
        (["check", "--gun-port", "99999"], "--gun-port: '99999' is not accepted"),
    ],
)
def test_that_a_wrong_setting_gives_one_line_and_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith("psf-monitor: ")
    assert message in err
    assert err.count("\n") == 1


def test_that_an_option_counts_before_and_after_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["--gun-port", "x", "snapshot", "--json"],
        ["snapshot", "--json", "--gun-port", "x"],
    ):
        assert main(arguments) == 2
        assert "--gun-port" in capsys.readouterr().err


def test_that_no_option_takes_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert "password" not in capsys.readouterr().out.lower()


class Asked:
    """Stands in for the check: what it was asked for, and what it does."""

    def __init__(self, does: Any = None) -> None:
        self.targets: list[AccountMode] = []
        self.timeout_s = 0.0
        self._does = does

    async def __call__(self, _settings: Settings, targets: list[AccountMode], timing: CheckTiming) -> int:
        self.targets, self.timeout_s = targets, timing.step_s
        if self._does is not None:
            self._does()
        return check.FAILED


def test_that_the_check_is_of_everything_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    monkeypatch.setattr(check, "report", asked)
    assert main(["check"]) == check.FAILED
    assert (asked.targets, asked.timeout_s) == (list(AccountMode), 20.0)
    assert main(["check", "--account", "HAMMER_PRO", "--timeout", "1.5"]) == check.FAILED
    assert (asked.targets, asked.timeout_s) == ([AccountMode.HAMMER_PRO], 1.5)


def test_that_a_command_is_interrupted_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "report", Asked(interrupt))
    assert main(["check"]) == INTERRUPTED
    assert capsys.readouterr().err == ""


def test_that_a_snapshot_reports_once_why_it_failed_and_the_log_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
    tmp_path: Path,
) -> None:
    expected_errors.allow("ib_insync")
    monkeypatch.setenv("HAMMER_PASSWORD", "x")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        ports = [f"--{name}-port={nobody.getsockname()[1]}" for name in ("gun", "ped", "hammer")]
        assert main(["snapshot", "--json", *ports]) == FAILED
    texts = capsys.readouterr().err.splitlines()
    assert all(line.startswith("psf-monitor: ") for line in texts)
    assert len({line.split(": ")[1] for line in texts}) == len(texts) > 0
    log = (tmp_path / "logs" / "psf_monitor.log").read_text(encoding="utf-8")
    assert texts[0].removeprefix("psf-monitor: ") in log


def test_that_the_secrets_of_the_settings_are_in_no_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def send() -> None:
        logging.getLogger("psf_monitor").info("pwd is swordfish, the account is ALARIC:TOPI9, end")

    monkeypatch.setenv("HAMMER_PASSWORD", "swordfish")
    monkeypatch.setenv("HAMMER_ACCOUNT_KEY", "ALARIC:TOPI9")
    monkeypatch.setattr(check, "report", Asked(send))
    main(["check"])
    log = (tmp_path / "logs" / "psf_monitor.log").read_text(encoding="utf-8")
    assert "starts: check" in log
    assert "pwd is •••, the account is •••, end" in log


def test_that_a_folder_that_cannot_be_written_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.runtime.logs")
    (tmp_path / "logs").write_text("a file where the folder should be")
    asked = Asked()
    monkeypatch.setattr(check, "report", asked)
    assert main(["check"]) == check.FAILED
    assert asked.targets == list(AccountMode)
    err = capsys.readouterr().err
    assert "cannot be written" in err
    assert err.count("\n") == 1


def test_that_the_window_leaves_the_credential_store_for_later_unless_the_password_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[WindowOptions] = []

    def run(options: WindowOptions) -> int:
        opened.append(options)
        return 0

    monkeypatch.setattr(launch, "run", run)
    monkeypatch.setattr(settings, "stored_password", lambda: "from the store")
    assert main([]) == 0
    monkeypatch.setenv("HAMMER_PASSWORD", "swordfish")
    assert main([]) == 0
    without, given = opened
    assert without.settings is not None
    assert without.settings.hammer.password == ""
    assert without.password is not None
    assert without.password() == "from the store"
    assert given.settings is not None
    assert given.settings.hammer.password == "swordfish"
    assert given.password is None


@pytest.mark.parametrize("arguments", [["wires", "nowhere"], ["anonymize", "nowhere", "new"]])
def test_that_a_wrong_command_line_makes_no_file(arguments: list[str], tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if "logs" not in path.parts}
    assert main(arguments) == 1
    assert {path for path in tmp_path.rglob("*") if "logs" not in path.parts} == before


@pytest.mark.parametrize(
    "command",
    [[], ["snapshot"], ["check"], ["export"], ["serve"], ["wires"], ["replay"], ["anonymize"]],
)
def test_that_every_option_has_its_help(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--help"])
    lines = [*capsys.readouterr().out.splitlines(), ""]
    options = [(line, after) for line, after in pairwise(lines) if line.startswith("  -")]
    assert options
    # A long one has it on the next line.
    assert [line for line, after in options if "  " not in line.strip() and after[:20].strip()] == []
    assert [line for line, after in options if "  " not in line.strip() and not after.strip()] == []


def test_that_every_command_is_one_file_of_its_name_and_one_entry_of_the_table() -> None:
    files = Path(command_table.__file__).parent.glob("*.py")
    described = {path.stem for path in files if "\nDESCRIPTION = " in path.read_text(encoding="utf-8")}
    assert set(command_table.COMMANDS) == described
    assert len(described) == 7


def test_that_a_check_is_recorded_on_request_and_names_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = tmp_path / "a.wires"
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = str(nobody.getsockname()[1])
        asked = ["check", "--record", str(path), "--account", "IBKR_GUN", "--gun-port", port]
        assert main(asked) == check.FAILED
    assert capsys.readouterr().err.endswith(f"recorded into {path}; the file holds your account\n")
    assert main(["wires", str(path)]) == 0
    lines = [line[24:] for line in capsys.readouterr().out.splitlines()]
    assert lines[0].startswith("check GUN * check step name, outcome ok")
    assert any("step TCP, outcome FAILED" in line and f"127.0.0.1:{port}" in line for line in lines)


@pytest.mark.parametrize("is_enabled", [False, True])
def test_that_after_a_command_garbage_is_collected_as_it_was_before(is_enabled: bool) -> None:
    if is_enabled:
        gc.enable()
    try:
        main(["check", "--settings", "nowhere.toml"])
        assert gc.isenabled() is is_enabled
    finally:
        gc.disable()
