"""Where a setting comes from, which source wins, and the error of a wrong one."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor import settings
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.indicators import IndicatorRules
from psf_monitor.settings import (
    ApiSettings,
    FactsSettings,
    IbkrProfile,
    RecordSettings,
    SettingsError,
)
from psf_monitor.settings.errors import BACKSLASHES
from tests.conftest import named_in_failure
from tests.files.test_files import Holder
from tests.support.records import GUN, PED


def test_that_without_any_source_the_defaults_hold(tmp_path: Path) -> None:
    loaded = settings.load(
        path=tmp_path / "none.toml", dotenv=tmp_path / "none.env", environment={}, password=str
    )
    assert [(p.host, p.port, p.client_id, p.account_id) for p in loaded.ibkr.values()] == [
        ("127.0.0.1", 4001, 71, ""),
        ("127.0.0.1", 4002, 72, ""),
    ]
    assert (loaded.hammer.host, loaded.hammer.port, loaded.hammer.password) == ("127.0.0.1", 16400, "")
    assert loaded.expects_paper == frozenset()


def test_that_the_file_fills_every_profile(load: Any) -> None:
    loaded = load(
        """
        [ibkr.gun]
        host = "tws-pc"
        port = 7497
        client_id = 21
        orders_every_s = 5
        account_id = "U1240821"
        [ibkr.ped]
        port = 7496
        expects = "paper"
        reconnect = false
        [hammer]
        port = 16500
        streamer = "ALARICQ"
        account_key = "ALARIC:TOPI000000A1"
        """
    )
    gun, ped = loaded.ibkr[GUN], loaded.ibkr[PED]
    assert (gun.host, gun.port, gun.client_id, gun.account_id) == ("tws-pc", 7497, 21, "U1240821")
    assert (ped.host, ped.port, ped.expects_paper, ped.reconnect) == ("127.0.0.1", 7496, True, False)
    assert (loaded.hammer.port, loaded.hammer.streamer) == (16500, "ALARICQ")
    assert loaded.hammer.account_key == "ALARIC:TOPI000000A1"
    assert (gun.orders_every_s, ped.orders_every_s) == (5.0, 2.5)
    assert loaded.expects_paper == {AccountMode.IBKR_PED}


def test_that_each_source_wins_over_the_one_below(load: Any) -> None:
    file = "[ibkr.gun]\nport = 1001\n[ibkr.ped]\nport = 1002\n[hammer]\nport = 1003\n"
    assert load(file).ibkr[GUN].port == 1001
    assert load(file, "IBKR_GUN_PORT=2001").ibkr[GUN].port == 2001
    environment = {"IBKR_GUN_PORT": "3001"}
    assert load(file, "IBKR_GUN_PORT=2001", environment).ibkr[GUN].port == 3001
    loaded = load(file, "IBKR_GUN_PORT=2001", environment, {("gun", "port"): "4001"})
    assert (loaded.ibkr[GUN].port, loaded.ibkr[PED].port, loaded.hammer.port) == (4001, 1002, 1003)


def test_that_a_name_for_both_logins_sets_both_and_a_logins_own_name_wins(load: Any) -> None:
    loaded = load(environment={"IBKR_HOST": "tws-pc", "IBKR_CLIENT_ID": "5", "IBKR_PED_HOST": "other-pc"})
    assert [(p.host, p.client_id) for p in loaded.ibkr.values()] == [("tws-pc", 5), ("other-pc", 5)]


def test_that_the_days_are_kept_by_default(load: Any) -> None:
    assert load().records_journal
    assert load().record == RecordSettings(enabled=False, days=14)
    assert load("[record]\nenabled = true\ndays = 3").record == RecordSettings(enabled=True, days=3)
    assert load(environment={"PSF_MONITOR_RECORD_ENABLED": "yes"}).record.enabled
    assert not load("[journal]\nenabled = false").records_journal
    assert not load(environment={"PSF_MONITOR_JOURNAL_ENABLED": "no"}).records_journal
    off = "[journal]\nenabled = false"
    assert load(off, options={("journal", "enabled"): "true"}).records_journal
    with pytest.raises(SettingsError, match=r"journal.*enabled.*'perhaps'.*true or false"):
        load('[journal]\nenabled = "perhaps"')


def test_that_hammer_is_reached_by_its_own_names(load: Any) -> None:
    hammer = load(
        environment={
            "HAMMER_HOST": "trading-pc",
            "HAMMER_PORT": "16401",
            "HAMMER_PASSWORD": "open sesame",
            "HAMMER_STREAMER": "ALARICQ",
            "HAMMER_ACCOUNT_KEY": "ALARIC:TOPI000000A1",
        }
    ).hammer
    assert (hammer.host, hammer.port, hammer.password) == ("trading-pc", 16401, "open sesame")
    assert "open sesame" not in repr(hammer)


def test_that_a_byte_order_mark_of_a_windows_editor_does_no_harm(load: Any) -> None:
    assert load(b"\xef\xbb\xbf[ibkr.gun]\r\nport = 7497\r\n").ibkr[GUN].port == 7497


WRONG_VALUES: list[tuple[dict[str, Any], list[str]]] = [
    ({"toml": "[ibkr.gun]\nport = 0"}, ["settings.toml", "[ibkr.gun] port", "0", "1 to 65535"]),
    ({"toml": "[ibkr.gun]\nport = 7496.5"}, ["[ibkr.gun] port", "7496.5"]),
    ({"toml": "[ibkr.gun]\nport = true"}, ["[ibkr.gun] port", "True"]),
    ({"toml": "[ibkr.gun]\nhost = 5"}, ["[ibkr.gun] host", "text"]),
    ({"toml": '[ibkr.gun]\nexpects = "demo"'}, ["expects", "'demo'", '"live" or "paper"']),
    ({"toml": '[hammer]\nreconnect = "maybe"'}, ["[hammer] reconnect", "'maybe'", "true or false"]),
    ({"toml": "[ibkr.gun]\norders_every_s = 0.1"}, ["orders_every_s", "0.1", "1 to 60"]),
    ({"toml": "[ibkr.gun]\nprot = 1"}, ["settings.toml", "prot", "port", "host"]),
    ({"toml": "[ibkr.joe]\nport = 1"}, ["[ibkr.joe]", "ibkr.gun, ibkr.ped"]),
    ({"toml": "ibkr = 3"}, ["[ibkr]", "ibkr.gun"]),
    ({"toml": "api = 1"}, ["api is to be a table: the line [api]"]),
    ({"toml": "[[ibkr.gun]]"}, ["ibkr.gun is to be a table: the line [ibkr.gun]"]),
    ({"toml": f"[ibkr.gun]\nport = {'1' * 5000}"}, ["settings.toml", "a number in it is too long"]),
    ({"toml": f"a = {'[' * 3000}{']' * 3000}"}, ["settings.toml", "nested too deeply"]),
    ({"toml": b"[api]\nport = 1\0\n"}, ["settings.toml: line 2", "a byte that no text has"]),
    ({"toml": b"\x1f\x8b\x08\x00\x00\x00"}, ["settings.toml: line 1", "a byte that no text has"]),
    (
        {"toml": f"[ibkr.gun]\nhost = '{'a' * 100_000}'"},
        ["[ibkr.gun] host: 'aaa", "aaa.. is not accepted"],
    ),
    ({"toml": "[ibkr.gun]\nhost = '[abc'"}, ["[ibkr.gun] host: '[abc'", "IPv4 address is accepted"]),
    ({"toml": "[hammer]\nhost = '[::1]'"}, ["[hammer] host: '[::1]'", "IPv4 address is accepted"]),
    ({"toml": f"[{'a' * 100_000}]"}, ["[aaa", "is not known"]),
    ({"dotenv": f"IBKR_HOST={'a' * 100_000}"}, ["IBKR_HOST (.env, line 1)", "aaa.. is not accepted"]),
    ({"toml": "[ibkr.gun\n"}, ["settings.toml", "not TOML", "line 1"]),
    ({"toml": "[ibkr.gun]\n[ibkr.gun]\n"}, ["not TOML", "[ibkr.gun] twice", "line 2"]),
    ({"toml": '[facts]\nfiles = ["C:\\Users\\me\\a.csv"]'}, ["not TOML", "line 2", BACKSLASHES]),
    ({"toml": '[facts]\nfiles = ["C:\\my\\a.csv"]'}, ["not TOML", "line 2", BACKSLASHES]),
    ({"toml": '[facts]\nfiles = ["C:\\trading\\new.csv"]'}, ["line 2: [facts] files", BACKSLASHES]),
    ({"toml": "[hammer]\nport = 1\n".encode("utf-16")}, ["settings.toml", "UTF-16", "save it as UTF-8"]),
    ({"toml": bytes(700)}, ["settings.toml", "nothing but zeros", "take it from a copy"]),
    ({"toml": "[hammer]".encode("utf-16-le")}, ["settings.toml", "UTF-16", "save it as UTF-8"]),
    (
        {"toml": '# Işıl\n[hammer]\nstreamer = "Işıl"\n'.encode("cp1254")},
        ["settings.toml: line 1", 'behind "# I"', "save it as UTF-8"],
    ),
    ({"dotenv": "HAMMER_PORT=1\nHAMMER_HOST=ş\n".encode("cp1254")}, [".env: line 2", "save it as UTF-8"]),
    ({"toml": '[hammer]\npassword = "x"'}, ["password", "HAMMER_PASSWORD"]),
    ({"dotenv": "IBKR_PORT=4001\nIBKR_HOST tws\n"}, [".env", "line 2"]),
    ({"dotenv": "# ours\nIBKR_PORT\n"}, [".env", "line 2"]),
    ({"dotenv": "IBKR_PORT=many"}, ["IBKR_PORT (.env, line 1)", "'many'", "1 to 65535"]),
    ({"environment": {"HAMMER_PORT": "99999"}}, ["HAMMER_PORT (environment)", "'99999'"]),
    ({"environment": {"IBKR_GUN_HOST": "tws pc"}}, ["IBKR_GUN_HOST", "'tws pc'"]),
    ({"environment": {"IBKR_HOST": "http://tws"}}, ["IBKR_HOST", "without port"]),
    ({"options": {("ped", "client_id"): "-3"}}, ["--ped-client-id", "'-3'", "1 to 2147483647"]),
]


def test_that_a_wrong_value_is_named_with_its_source_and_what_is_accepted(load: Any) -> None:
    for texts, names in WRONG_VALUES:
        with named_in_failure(names):
            with pytest.raises(SettingsError) as error:
                load(**texts)
            for name in names:
                assert name in str(error.value)


def test_that_all_that_is_wrong_is_named_at_once_with_its_line(load: Any, tmp_path: Path) -> None:
    toml = (
        "# mine\n[ibkr.gun]\nport = 0\nhosst = 'a'\n\n[ibkr]\nped.client_id = 'x'\n"
        "[facts]\nfiles = [\n  'a',\n  3,\n]\npar = 0\n[hammer]\npassword = 'secret'\n"
        "[record]\ndays = '1,5'\n[nonsense]\n"
    )
    dotenv = "\r\n\r\nIBKR_PORT=many\r\nHAMMER_PROT=7\r\n"
    with pytest.raises(SettingsError) as error:
        load(toml, dotenv, {"PSF_MONITOR_API_PORT": "-1"}, {("hammer", "port"): "4,001"})
    lines = str(error.value).replace(f"{tmp_path / 'settings.toml'}: ", "").splitlines()
    assert sorted(line.partition(" is not ")[0] for line in lines) == [
        "--hammer-port: '4,001'",
        "HAMMER_PROT (.env, line 4)",
        "IBKR_PORT (.env, line 3): 'many'",
        "PSF_MONITOR_API_PORT (environment): '-1'",
        "line 13: [facts] par: 0",
        "line 15: a password does not belong in this file; give it in the window or as HAMMER_PASSWORD.",
        "line 17: [record] days: '1,5'",
        "line 18: [nonsense]",
        "line 3: [ibkr.gun] port: 0",
        "line 4: [ibkr.gun] hosst",
        "line 7: [ibkr.ped] client_id: 'x'",
        "line 9: [facts] files: ['a', 3]",
    ]
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("zero", ["0", "00", " 0 "])
def test_that_client_id_zero_is_refused_with_the_reason(load: Any, zero: str) -> None:
    with pytest.raises(SettingsError, match="TWS binds orders placed by hand"):
        load(environment={"IBKR_CLIENT_ID": zero})


@given(text=st.text() | st.integers().map(str))
def test_that_any_text_as_a_port_is_a_port_or_a_clear_error(text: str) -> None:
    nothing = {"path": Path("none.toml"), "dotenv": Path("none.env"), "environment": {}}
    digits = text.strip()
    is_port = digits.isascii() and digits.isdigit() and 1 <= int(digits) <= 65535
    with nullcontext() if is_port else pytest.raises(SettingsError, match="--gun-port"):
        loaded = settings.load(**nothing, options={("gun", "port"): text}, password=str)  # type: ignore[arg-type]
        assert loaded.ibkr[GUN].port == int(digits)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1,125", "'1,125' is not accepted; a weight from 0 to 100 is accepted. Write 1.125."),
        ("0,4", "'0,4' is not accepted; a weight from 0 to 100 is accepted. Write 0.4."),
        *((text, "is accepted.") for text in ("1_0", "١٢", "nan", "1e400", "", "0x1")),
    ],
)
def test_that_a_figure_of_the_environment_is_never_guessed(load: Any, text: str, shown: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(environment={"PSF_MONITOR_INDICATORS_FINRA_ODD_WEIGHT": text})
    assert shown in str(error.value)
    loaded = load(environment={"PSF_MONITOR_INDICATORS_LEAST_SIZE": " 1,000.50 "})
    assert loaded.indicators.least_size == 1_000.5


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("4,001", " Write 4001."),
        *((text, "") for text in ("4,5", "400,100", "4001.0", "4e3", "+4001", "1" * 5000)),
    ],
)
def test_that_a_whole_number_is_written_in_digits(load: Any, text: str, advice: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(environment={"IBKR_GUN_PORT": text})
    assert str(error.value).endswith(f"a whole number from 1 to 65535 is accepted.{advice}")


def test_that_a_file_that_another_program_holds_for_a_moment_is_read(
    load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        Holder(Path.read_bytes, 2).before(patch, "read_bytes")
        assert load("[hammer]\nport = 7\n").hammer.port == 7
    Holder(Path.read_bytes, 10**6).before(monkeypatch, "read_bytes")
    with pytest.raises(SettingsError) as found:
        load("[hammer]\nport = 7\n")
    assert str(found.value).endswith("cannot be read: another program has it open: close it there.")


def test_that_hammers_silence_is_fifteen_seconds_until_a_source_sets_another(load: Any) -> None:
    assert load().hammer.silent_after_s == 15.0
    file, environment = "[hammer]\nsilent_after_s = 20", {"HAMMER_SILENT_AFTER_S": "30.5"}
    assert load(file).hammer.silent_after_s == 20.0
    assert load(file, environment=environment).hammer.silent_after_s == 30.5
    options = {("hammer", "silent_after_s"): "40"}
    assert load(file, environment=environment, options=options).hammer.silent_after_s == 40.0


@pytest.mark.parametrize("wrong", ["4.9", "601", "nan", "inf", "true", "'soon'", "[20]", "1" + "0" * 400])
def test_that_a_silence_that_no_session_could_keep_is_refused(load: Any, wrong: str) -> None:
    with pytest.raises(SettingsError, match="a number of seconds from 5 to 600 is accepted"):
        load(f"[hammer]\nsilent_after_s = {wrong}")


def test_that_the_source_that_overrides_the_file_is_named(load: Any) -> None:
    file = "[ibkr.gun]\nport = 1001\n[hammer]\nport = 1003\n"
    assert load(file).overruled == {}
    loaded = load(
        file,
        dotenv="HAMMER_PORT=2003",
        environment={"IBKR_HOST": "tws-pc", "IBKR_PED_HOST": "other-pc"},
        options={("gun", "port"): "4001"},
    )
    assert loaded.overruled == {
        ("gun", "host"): "IBKR_HOST (environment)",
        ("ped", "host"): "IBKR_PED_HOST (environment)",
        ("hammer", "port"): "HAMMER_PORT (.env)",
        ("gun", "port"): "--gun-port",
    }


def test_that_the_api_is_off_until_it_is_asked_for(load: Any) -> None:
    assert load().api == ApiSettings(enabled=False, host="127.0.0.1", port=8766)
    assert load("[api]\nenabled = true\nport = 9001\nhost = '::1'").api == ApiSettings(True, "::1", 9001)
    named = {"PSF_MONITOR_API_ENABLED": "yes", "PSF_MONITOR_API_PORT": "9002"}
    assert load("[api]\nport = 9001", environment=named).api == ApiSettings(True, "127.0.0.1", 9002)
    assert load(dotenv="PSF_MONITOR_API_HOST=localhost").api == ApiSettings(False, "127.0.0.1", 8766)
    given = {("api", "enabled"): "true", ("api", "port"): "0"}
    assert load("[api]\nport = 9001", environment=named, options=given).api == ApiSettings(
        True, "127.0.0.1", 0
    )


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "192.168.1.7", "::", "", "example.com", "127.0.0.1.example.com", "127.1", "::ffff:7f00:1"],
)
def test_that_the_api_listens_at_no_address_that_others_reach(load: Any, host: str) -> None:
    for source in (
        {"toml": f"[api]\nhost = '{host}'"},
        {"environment": {"PSF_MONITOR_API_HOST": host}},
        {"options": {("api", "host"): host}},
    ):
        with pytest.raises(SettingsError, match="an address of this computer itself is accepted") as error:
            load(**source)
        assert any(
            name in str(error.value)
            for name in ("settings.toml: line 2: [api] host", "PSF_MONITOR_API_HOST", "--api-host")
        )


def test_that_a_demo_reads_the_api_from_the_command_line_alone() -> None:
    assert settings.api_settings({}) == ApiSettings()
    assert settings.api_settings({("api", "port"): "9003", ("gun", "port"): "1"}).port == 9003
    with pytest.raises(SettingsError, match="--api-port: 'x' is not accepted"):
        settings.api_settings({("api", "port"): "x"})


def test_that_a_profile_can_be_changed_by_the_keys_of_its_section() -> None:
    profile = IbkrProfile(GUN, "127.0.0.1", 4001, 1)
    assert settings.changed(profile, {}) == profile
    assert settings.changed(profile, {"port": 7497, "host": " tws-pc "}) == IbkrProfile(
        GUN, "tws-pc", 7497, 1
    )
    with pytest.raises(SettingsError, match="client_id: 0 is not accepted; client id 0 is refused"):
        settings.changed(profile, {"port": 7497, "client_id": 0})


def test_that_the_weight_of_a_print_is_psfalgos_unless_it_is_set(load: Any) -> None:
    assert load().indicators == IndicatorRules(20, 15, 1.0, 1.0, 0.4, 0.2, 1.0)
    file = "[indicators]\nleast_size = 10\nfinra_odd_weight = 0.25\nrwvap_volume_multiplier = 0.5"
    environment = {"PSF_MONITOR_INDICATORS_LEAST_SIZE": "12"}
    assert load(file).indicators == IndicatorRules(
        least_size=10, finra_odd_weight=0.25, rwvap_volume_multiplier=0.5
    )
    assert load(file, environment=environment).indicators.least_size == 12


@pytest.mark.parametrize(
    ("key", "wrong", "accepted"),
    [
        ("least_size", "0", "a number of shares from 1 to 1000000 is accepted."),
        ("least_size", "true", "a number of shares from 1 to 1000000 is accepted."),
        ("history_least_size", "nan", "a number of shares from 1 to 1000000 is accepted."),
        ("exchange_weight", "-1", "a weight from 0 to 100 is accepted."),
        ("finra_round_weight", "'much'", "a weight from 0 to 100 is accepted."),
        ("finra_hundreds_weight", "[1]", "a weight from 0 to 100 is accepted."),
        ("finra_odd_weight", "inf", "a weight from 0 to 100 is accepted."),
        ("rwvap_volume_multiplier", "0", "a multiplier from 0.01 to 1000 is accepted."),
    ],
)
def test_that_a_wrong_rule_of_the_indicators_is_named(load: Any, key: str, wrong: str, accepted: str) -> None:
    with pytest.raises(SettingsError, match=rf"\[indicators\] {key}: .* is not accepted; {accepted}"):
        load(f"[indicators]\n{key} = {wrong}")


def test_that_an_unknown_rule_of_the_indicators_is_named(load: Any) -> None:
    with pytest.raises(SettingsError, match="lot_size is not known"):
        load("[indicators]\nlot_size = 100")


def test_that_the_traders_files_are_beside_the_settings_unless_they_name_a_folder(
    load: Any, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "lists" / "groups.csv"
    loaded = load(f"[facts]\nfiles = ['mine.csv', '{elsewhere}', 'mine.csv']\npar = 25\n")
    assert loaded.facts == FactsSettings((tmp_path / "mine.csv", elsewhere), 25.0)
    assert load().facts == FactsSettings()


@pytest.mark.parametrize(
    ("key", "wrong", "accepted"),
    [
        ("files", "3", "a list of file names is accepted"),
        ("files", "['']", "a list of file names is accepted"),
        ("files", "[1]", "a list of file names is accepted"),
        ("par", "0", "a number above 0 such as 25"),
        ("par", "'par'", "a number above 0 such as 25"),
    ],
)
def test_that_a_wrong_setting_of_the_traders_files_is_named(
    load: Any, key: str, wrong: str, accepted: str
) -> None:
    with pytest.raises(SettingsError, match=rf"\[facts\] {key}") as error:
        load(f"[facts]\n{key} = {wrong}\n")
    assert accepted in str(error.value)
