"""settings.toml is changed where it must be and nowhere else."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.settings import SettingsError
from psf_monitor.settings.write import preview, save, with_values
from tests.conftest import named_in_failure
from tests.files.test_files import Holder
from tests.support.records import GUN, PED

TEXT = """# my ports
[ibkr.gun]
host = "tws-pc"   # the big one
port = 7497       # TWS

[ibkr.ped]
port = 7496

[hammer]  # Hammer Pro
port = 16400
"""


def test_that_only_the_value_changes() -> None:
    changed = with_values(TEXT, "ibkr.gun", {"port": 4001})
    assert changed == TEXT.replace("port = 7497 ", "port = 4001 ")


def test_that_a_new_key_is_written_at_the_end_of_its_section() -> None:
    changed = with_values(TEXT, "ibkr.gun", {"client_id": 7, "reconnect": False})
    assert "port = 7497       # TWS\nclient_id = 7\nreconnect = false\n\n[ibkr.ped]" in changed


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("[ibkr.gun]\nport = 1\n", "\n# the second login\n[ibkr.ped]\nport = 2\n"),
        ("[ibkr.gun]\nport = 1\n", "# the second login\n[ibkr.ped]\nport = 2\n"),
        ("[ibkr.gun]\nport = 1\n# client_id = 5\n", "\n\n# there\n# the second login\n[ibkr.ped]\n"),
        ("[ibkr.gun]\nport = 1\n  # one\n", "  \n  # the second login\n  [ibkr.ped]\n"),
        ("[ibkr.gun]\n# nothing yet\n", "\n# the second login\n[ibkr.ped]\n"),
        ("[ibkr.gun]\n", "# nothing yet\n"),
        ("[ibkr.gun] # one\nport = 1\n", "\n# the end\n"),
        ("# a file\n[ibkr.gun]\nport = 1 # mine\n\n# where\nhost = 'pc'\n", "\n\n[ibkr.ped]\n"),
    ],
)
def test_that_a_new_key_is_written_above_the_comments_of_the_next_section(
    above: str, below: str, newline: str
) -> None:
    text = f"{above}{below}".replace("\n", newline)
    changed = with_values(text, "ibkr.gun", {"enabled": False, "client_id": 7})
    assert changed == f"{above}enabled = false\nclient_id = 7\n{below}".replace("\n", newline)


def test_that_a_new_section_is_written_at_the_end() -> None:
    assert with_values("", "hammer", {"host": "pc"}) == '[hammer]\nhost = "pc"\n'
    changed = with_values("[ibkr.gun]\nport = 1\n", "hammer", {"host": "pc"})
    assert changed == '[ibkr.gun]\nport = 1\n\n[hammer]\nhost = "pc"\n'


def test_that_text_is_written_so_that_it_is_read_back() -> None:
    changed = with_values(TEXT, "hammer", {"streamer": 'a "b" \\ # ü'})
    assert 'streamer = "a \\"b\\" \\\\ # ü"' in changed


def test_that_every_way_of_writing_toml_can_be_changed_and_keeps_its_comments() -> None:
    for text, becomes in (
        ("ibkr.gun.port = 1 # mine\n[ibkr.ped]\nport = 2\n", "ibkr.gun.port = 4001 # mine\n"),
        ("ibkr = {gun = {port = 1}} # mine\n", "ibkr = {gun = {port = 4001"),
        ("[ibkr]\ngun = {port = 1, host = 'pc'} # mine\n", "gun = {port = 4001, host = 'pc'"),
        ("[ibkr]\ngun.port = 1 # mine\n# and this\n", "gun.port = 4001 # mine\n"),
        ("[ibkr]\n[ibkr.gun]\n  port = 1 # mine\n\n  # and this\n[hammer]\n", "  port = 4001 # mine\n"),
        ('"ibkr".\'gun\'."port" = 1 # mine\n', '"ibkr".\'gun\'."port" = 4001 # mine\n'),
        ("[ibkr.gun]\nport = '''\n1''' # mine\n", "port = 4001 # mine\n"),
        ("[ibkr.gun] # mine\nport = 0x01\nclient_id = 1_0\n", "[ibkr.gun] # mine\nport = 4001\n"),
        ("ibkr = {ped = {port = 2}} # mine\n", "gun = {port = 4001"),
        ("ibkr.ped.port = 2 # mine\n", "\n\n[ibkr.gun]\nport = 4001\n"),
        ("[ibkr.ped]\nport = 2 # a\n\n# of the API\n[api]\nport = 3\n", "[api]\nport = 3\n\n[ibkr.gun]\n"),
        ("[hammer]\nport = 2 # mine", "port = 2 # mine\n\n[ibkr.gun]\nport = 4001\n"),
    ):
        with named_in_failure(text, becomes):
            changed = with_values(text, "ibkr.gun", {"port": 4001, "account_id": "DU1", "reconnect": False})
            reported = tomllib.loads(changed)["ibkr"]["gun"]
            assert (reported["port"], reported["account_id"], reported["reconnect"]) == (4001, "DU1", False)
            assert becomes in changed
            comments = re.findall("#.*", text)
            assert re.findall("#.*", changed) == comments


def _plain(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= _plain(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


_STYLES = ("header", "braces", "dotted", "dotted in [ibkr]", "braces in [ibkr]")


@given(
    gun=st.sampled_from(_STYLES),
    ped=st.sampled_from(("none", *_STYLES)),
    newline=st.sampled_from(["\n", "\r\n"]),
    section=st.sampled_from(["ibkr.gun", "ibkr.ped", "hammer", "api"]),
    values=st.dictionaries(
        st.sampled_from(["host", "port", "account_id", "reconnect"]),
        st.integers(1, 9) | st.booleans() | st.text("abü\"'\\# ", max_size=5),
        min_size=1,
    ),
)
def test_that_whatever_is_changed_all_else_is_as_it_was(
    gun: str, ped: str, newline: str, section: str, values: dict[str, str | int | bool]
) -> None:
    top, under, headed = ["# a file"], list[str](), ["", "[hammer] # h", "port = 3 # three"]
    for name, style in (("gun", gun), ("ped", ped)):
        inner = f"{{port = 1, host = '{name}'}} # {name}"
        match style:
            case "header":
                headed += [f"[ibkr.{name}] # {name}", "port = 1 # one", f"host = '{name}'"]
            case "dotted":
                top += [f"ibkr.{name}.port = 1 # one", f"ibkr.{name}.host = '{name}'"]
            case "braces":
                top += [f"ibkr.{name} = {inner}"]
            case "dotted in [ibkr]":
                under += [f"{name}.port = 1 # one", f"{name}.host = '{name}'"]
            case "braces in [ibkr]":
                under += [f"{name} = {inner}"]
    text = newline.join([*top, *(["[ibkr]", *under] if under else []), *headed, "# the end", ""])
    try:
        before = _plain(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        # One table in two ways at once is no TOML.
        return
    changed = with_values(text, section, values)
    assert _plain(tomllib.loads(changed)) == before | {f"{section}.{key}": v for key, v in values.items()}
    comments = re.findall("# [a-z ]+", text)
    assert [each for each in re.findall("# [a-z ]+", changed) if each in comments] == comments
    assert newline == "\n" or "\n" not in changed.replace("\r\n", "")


def test_that_a_setting_that_is_no_table_is_left_alone_and_reported() -> None:
    for text in ("[[ibkr.gun]]\n", "ibkr = 1\n", "[ibkr]\ngun = 'x'\n"):
        with (
            named_in_failure(text),
            pytest.raises(SettingsError, match="change it in the file itself"),
        ):
            with_values(text, "ibkr.gun", {"port": 4001})


def test_that_what_is_wrong_with_a_change_names_no_file_but_the_traders_own(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    with pytest.raises(SettingsError) as refused:
        save(path, "ibkr.gun", {"port": 0})
    error = refused.value
    assert str(error).startswith("[ibkr.gun] port: 0 is not accepted; a whole number")
    assert error.problem.why == "[ibkr.gun] port: 0 is not accepted."
    path.write_text("[ibkr]\ngun = {}\nped = {nonsense = 1}\n")
    with pytest.raises(SettingsError) as refused:
        save(path, "ibkr.gun", {"port": 4001})
    assert str(refused.value).startswith("[ibkr.ped] nonsense is not known")


def test_that_invalid_toml_is_reported_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[hammer\n")
    with pytest.raises(SettingsError, match="this is not TOML"):
        save(path, "hammer", {"port": 1})
    assert path.read_text() == "[hammer\n"


@pytest.mark.parametrize("text", [f"a = {'[' * 3000}{']' * 3000}\n", f"a = {'1' * 5000}\n"])
def test_that_toml_that_nobody_can_read_is_reported_and_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match="to be read"):
        save(path, "ibkr.gun", {"port": 7497})
    assert path.read_text() == text


def test_that_a_file_that_is_no_utf_8_is_reported_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes("# Işıl\n[hammer]\n".encode("cp1254"))
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=r"line 1 .* save it as UTF-8"):
        save(path, "hammer", {"port": 1})
    assert path.read_bytes() == before


def test_that_a_file_that_another_program_holds_is_written_as_soon_as_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(TEXT)
    with monkeypatch.context() as patch:
        Holder(Path.replace, 2, 5).before(patch, "replace")
        assert save(path, "hammer", {"port": 5}).hammer.port == 5
    Holder(Path.replace, 10**6, 5).before(monkeypatch, "replace")
    with pytest.raises(SettingsError, match="cannot be written: another program has it open: close it there"):
        save(path, "hammer", {"port": 6})


def test_that_a_saved_layout_is_loaded_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.toml"
    loaded = save(path, "ibkr.ped", {"port": 7496, "expects": "paper", "account_id": "DU123"})
    assert (loaded.ibkr[PED].port, loaded.ibkr[PED].expects_paper) == (7496, True)
    assert loaded.ibkr[PED].account_id == "DU123"
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]


def test_that_the_newlines_of_windows_and_its_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert save(path, "ibkr.gun", {"port": 4001}).ibkr[GUN].port == 4001
    assert path.read_bytes() == TEXT.replace("7497", "4001").replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"port": 99999}, "1 to 65535"),
        ({"port": "many"}, "1 to 65535"),
        ({"client_id": 0}, "client id 0 is refused"),
        ({"host": "a b"}, "a computer's name"),
    ],
)
def test_that_a_wrong_value_is_reported_and_the_file_stays(
    tmp_path: Path, values: dict[str, str | int], text: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(TEXT)
    with pytest.raises(SettingsError, match=text) as found:
        save(path, "ibkr.gun", values)
    assert ".new" not in str(found.value)
    assert path.read_text() == TEXT
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]


def test_that_a_disk_that_refuses_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be"):
        save(tmp_path / "file" / "settings.toml", "hammer", {"port": 1})


def test_that_every_refused_value_is_named_with_its_field(tmp_path: Path) -> None:
    wrong: dict[str, str | int | bool] = {"host": "two words", "port": 99999, "client_id": -3}
    for refuse in (save, preview):
        with pytest.raises(SettingsError) as refused:
            refuse(tmp_path / "settings.toml", "ibkr.gun", wrong)
        faults = {fault.field: fault.accepted for fault in refused.value.faults}
        assert faults == {
            "host": "a computer's name or IPv4 address is accepted, without port.",
            "port": "a whole number from 1 to 65535 is accepted.",
            "client_id": "a whole number from 1 to 2147483647 is accepted.",
        }
        assert str(tmp_path) not in str(refused.value)
