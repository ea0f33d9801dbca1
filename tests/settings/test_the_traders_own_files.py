"""The .env files of the systems that traders come from, as they stand."""

from pathlib import Path
from typing import Any

import pytest

from psf_monitor import settings
from psf_monitor.settings import Settings, SettingsError
from psf_monitor.settings.file_formats import dotenv_values
from tests.support.records import GUN, PED


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def _load(dotenv: str, toml: str = "", environment: dict[str, str] | None = None) -> Settings:
        file, env = tmp_path / "settings.toml", tmp_path / ".env"
        file.write_text(toml, encoding="utf-8")
        env.write_text(dotenv, encoding="utf-8")
        return settings.load(path=file, dotenv=env, environment=environment or {}, password=str)

    return _load


def test_that_one_login_named_all_reaches_every_account_of_it(load: Any) -> None:
    loaded = load("BROKER=ibkr\nIBKR_HOST=localhost\nIBKR_PORT=7497\nIBKR_CLIENT_ID=1\nIBKR_ACCOUNT_ID=All\n")
    assert [(p.host, p.port, p.client_id, p.account_id) for p in loaded.ibkr.values()] == [
        ("localhost", 7497, 1, ""),
        ("localhost", 7497, 2, ""),
    ]


def test_that_comments_behind_values_and_the_trading_mode_are_read(load: Any) -> None:
    loaded = load(
        "# Interactive Brokers\n"
        "IBKR_HOST=127.0.0.1     # the computer of TWS\n"
        "IBKR_PORT=7497          # 7497 paper, 7496 live\n"
        "IBKR_CLIENT_ID=9        # any free one\n"
        "TRADING_MODE=paper      # paper or live\n"
    )
    assert [(p.port, p.client_id, p.expects_paper) for p in loaded.ibkr.values()] == [
        (7497, 9, True),
        (7497, 10, True),
    ]


def test_that_client_id_zero_is_refused_in_one_sentence(load: Any) -> None:
    with pytest.raises(SettingsError) as error:
        load("IBKR_HOST=127.0.0.1\nIBKR_PORT=7496\nIBKR_CLIENT_ID=0\n")
    text = str(error.value)
    assert text.startswith(
        "IBKR_CLIENT_ID (.env, line 3): '0' is not accepted; client id 0 is refused, because TWS binds"
    )
    assert "\n" not in text


def test_that_two_accounts_behind_one_port_get_a_client_id_each(load: Any) -> None:
    loaded = load(
        "IBKR_HOST=127.0.0.1\nIBKR_PORT=4001\nIBKR_CLIENT_ID=5\n"
        "IBKR_GUN_ACCOUNT_ID=U1240821\nIBKR_PED_ACCOUNT_ID=U2207755\n"
    )
    assert [(p.port, p.client_id, p.account_id) for p in loaded.ibkr.values()] == [
        (4001, 5, "U1240821"),
        (4001, 6, "U2207755"),
    ]


def test_that_both_logins_of_psfalgo_are_reached_beside_psfalgo(load: Any) -> None:
    loaded = load(
        'IBKR_GUN_HOST="127.0.0.1"\nIBKR_GUN_PORT=4001\nIBKR_GUN_EXPECTS=live\n'
        "export IBKR_PED_PORT=4002\nIBKR_PED_EXPECTS=paper\nHAMMER_PORT=16400\nREDIS_HOST=localhost\n"
    )
    assert [(p.port, p.expects_paper) for p in loaded.ibkr.values()] == [(4001, False), (4002, True)]
    assert not {p.client_id for p in loaded.ibkr.values()} & {0, *range(1, 10), 19, 21}


def test_that_a_logins_own_setting_wins_over_the_trading_mode(load: Any) -> None:
    loaded = load("TRADING_MODE=paper\nIBKR_GUN_EXPECTS=live\n")
    assert loaded.expects_paper == {PED}
    assert load("TRADING_MODE=paper\n", environment={"IBKR_EXPECTS": "live"}).expects_paper == frozenset()
    with pytest.raises(SettingsError, match=r"TRADING_MODE \(\.env, line 1\): 'demo' is not accepted"):
        load("TRADING_MODE=demo\n")


@pytest.mark.parametrize("value", ["All", "ALL", " all "])
def test_that_all_is_every_account_wherever_it_is_written(load: Any, value: str) -> None:
    assert load(f'IBKR_PED_ACCOUNT_ID="{value}"\n').ibkr[PED].account_id == ""
    assert load("", f'[ibkr.gun]\naccount_id = "{value}"\n').ibkr[GUN].account_id == ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("IBKR_PROT", "IBKR_PORT"),
        ("IBKR_POR", "IBKR_PORT"),
        ("IBKR_PORTT", "IBKR_PORT"),
        ("IBKR_PART", "IBKR_PORT"),
        ("ibkr_port", "IBKR_PORT"),
        ("IBKR_CLIENTID", "IBKR_CLIENT_ID"),
        ("IBKR_ACCOUNT", "IBKR_ACCOUNT_ID"),
        ("IBKR_GUN_ACCT", "IBKR_GUN_ACCOUNT_ID"),
        ("IBKR_PORT_GUN", "IBKR_GUN_PORT"),
        ("HAMMER_PWD", "HAMMER_PASSWORD"),
        ("HAMMER_PASS", "HAMMER_PASSWORD"),
        ("IBKR_GUN_HSOT", "IBKR_GUN_HOST"),
        ("HAMMER_PASWORD", "HAMMER_PASSWORD"),
        ("PSF_MONITOR_API_PROT", "PSF_MONITOR_API_PORT"),
    ],
)
@pytest.mark.parametrize("source", [".env, line 1", "environment"])
def test_that_a_name_that_is_nearly_ours_is_reported(load: Any, name: str, meant: str, source: str) -> None:
    is_file = source != "environment"
    with pytest.raises(SettingsError) as error:
        load(f"{name}=x7\n" if is_file else "", environment={} if is_file else {name: "x7"})
    assert str(error.value) == f"{name} ({source}) is not known; {meant} is accepted."


def test_that_an_unknown_name_with_our_own_prefix_is_reported_with_the_known_ones(load: Any) -> None:
    with pytest.raises(
        SettingsError, match=r"PSF_MONITOR_THEME \(\.env, line 1\) is not known; PSF_MONITOR_API_ENABLED, "
    ):
        load("PSF_MONITOR_THEME=dark\n")


@pytest.mark.parametrize("name", ["BROKER", "IBKR_USERNAME", "IBKR_GATEWAY_PORT", "HAMMER_EXE", "PORT"])
def test_that_names_of_other_programs_are_passed_over(load: Any, name: str) -> None:
    assert load(f"{name}=x7\n").ibkr[GUN].port == 4001


def test_that_lines_of_other_programs_are_passed_over_and_broken_ones_of_ours_are_not(load: Any) -> None:
    others = "just words\nexport\n'\nSECRET=\"not closed\n"
    assert load(f"{others}IBKR_PORT=7497\n").ibkr[GUN].port == 7497
    for broken in ("IBKR_PORT 7497", "set IBKR_PORT=7497", 'IBKR_HOST="tws', "TRADING_MODE: paper"):
        with pytest.raises(SettingsError, match=r"\.env: line [45] is not NAME=value"):
            load(f"{others}{broken}\n")
        with pytest.raises(SettingsError, match=r"\.env: line [45] is not NAME=value"):
            dotenv_values(Path(".env"), f"{others}{broken}\n".replace("\n", "\r\n"))


@pytest.mark.parametrize(("value", "is_off"), [("off", True), ("FALSE", True), ("on", False), ("Yes", False)])
def test_that_a_switch_has_the_values_of_other_programs(load: Any, value: str, is_off: bool) -> None:
    assert load(f"IBKR_PED_ENABLED={value}\n").switched_off == ({PED} if is_off else frozenset())


def test_that_one_login_can_be_switched_off(load: Any) -> None:
    for loaded in (
        load("", "[ibkr.ped]\nenabled = false\n"),
        load("IBKR_PED_ENABLED=no\n"),
        load("", environment={"IBKR_ENABLED": "false", "IBKR_GUN_ENABLED": "true"}),
    ):
        assert list(loaded.ibkr) == [GUN]
        assert loaded.switched_off == {PED}
    assert load("IBKR_PED_ENABLED=yes\n", "[ibkr.ped]\nenabled = false\n").switched_off == frozenset()


def test_that_switching_both_logins_off_is_refused(load: Any) -> None:
    with pytest.raises(SettingsError, match="both IBKR logins are switched off; set enabled = true under"):
        load("IBKR_ENABLED=false\n")


def test_that_ids_that_are_named_for_each_login_stay_as_they_are(load: Any) -> None:
    same = "[ibkr.gun]\nport = 7497\nclient_id = 3\n[ibkr.ped]\nport = 7497\nclient_id = 3\n"
    assert [p.client_id for p in load("", same).ibkr.values()] == [3, 3]
    assert [p.client_id for p in load("IBKR_CLIENT_ID=5\n").ibkr.values()] == [5, 5]
    top = load(f"IBKR_PORT=7497\nIBKR_CLIENT_ID={2**31 - 1}\n").ibkr
    assert [p.client_id for p in top.values()] == [2**31 - 1, 2**31 - 2]


@pytest.mark.parametrize("letter", ["\0", "\x1b", "\n", "\x85"])
@pytest.mark.parametrize("key", ["account_id", "host"])
def test_that_no_control_character_reaches_a_server(load: Any, key: str, letter: str) -> None:
    """TWS ends a field at a NUL: what follows would be another field."""
    accepted = r"is not accepted; text in UTF-8 and without control characters"
    with pytest.raises(SettingsError, match=rf"\[ibkr.gun\] {key}: .* {accepted}"):
        load("", f'[ibkr.gun]\n{key} = "U1\\u{ord(letter):04x}x"\n')


def test_that_a_password_that_is_no_text_is_reported_and_not_repeated(load: Any) -> None:
    """Bytes of the environment that are not UTF-8 come as surrogates."""
    with pytest.raises(SettingsError) as error:
        load("", environment={"HAMMER_PASSWORD": "secret\udcff"})
    assert str(error.value) == (
        "HAMMER_PASSWORD (environment): is not accepted; "
        "text in UTF-8 and without control characters is accepted."
    )
