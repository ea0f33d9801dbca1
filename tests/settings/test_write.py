"""settings.toml is changed where it must be and nowhere else."""

from pathlib import Path

import pytest

from psf_monitor.settings import SettingsError
from psf_monitor.settings.write import save, with_values
from tests.records import GUN, PED

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


def test_that_a_new_key_stands_at_the_end_of_its_section() -> None:
    changed = with_values(TEXT, "ibkr.gun", {"client_id": 7, "reconnect": False})
    assert "port = 7497       # TWS\nclient_id = 7\nreconnect = false\n\n[ibkr.ped]" in changed


def test_that_a_new_section_stands_at_the_end() -> None:
    assert with_values("", "hammer", {"host": "pc"}) == '[hammer]\nhost = "pc"\n'
    changed = with_values("[ibkr.gun]\nport = 1\n", "hammer", {"host": "pc"})
    assert changed == '[ibkr.gun]\nport = 1\n\n[hammer]\nhost = "pc"\n'


def test_that_text_is_written_so_that_it_is_read_back() -> None:
    changed = with_values(TEXT, "hammer", {"streamer": 'a "b" \\ # ü'})
    assert 'streamer = "a \\"b\\" \\\\ # ü"' in changed


@pytest.mark.parametrize(
    "text", ["ibkr.gun.port = 1\n[ibkr.ped]\nport = 2\n", "ibkr = {gun = {port = 1}}\n", "[[ibkr.gun]]\n"]
)
def test_that_an_unusual_file_is_left_alone_and_said(text: str) -> None:
    with pytest.raises(SettingsError, match="change it in the file itself"):
        with_values(text, "ibkr.gun", {"port": 4001})


def test_that_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
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
    ("values", "words"),
    [
        ({"port": 99999}, "1 to 65535"),
        ({"port": "many"}, "1 to 65535"),
        ({"client_id": 0}, "client id 0 is refused"),
        ({"host": "a b"}, "a computer's name"),
    ],
)
def test_that_a_wrong_value_is_said_and_the_file_stays(
    tmp_path: Path, values: dict[str, str | int], words: str
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(TEXT)
    with pytest.raises(SettingsError, match=words) as found:
        save(path, "ibkr.gun", values)
    assert ".new" not in str(found.value)
    assert path.read_text() == TEXT
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]


def test_that_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be"):
        save(tmp_path / "file" / "settings.toml", "hammer", {"port": 1})
