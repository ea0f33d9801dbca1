import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.settings import SettingsError
from psf_monitor.settings.symbol_file import SymbolFile, parse, with_override
from tests.conftest import named_in_failure
from tests.files.test_files import Holder

TABLE = """\
IBKR symbol,HAMMER symbol,average daily volume
# Nasdaq preferreds
AGNCM,AGNC-M
CIM PRB,CIM-B,52700
MS PRK,,104600
"""


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_that_the_table_is_read_however_it_was_saved(mark: bytes, ending: str, delimiter: str) -> None:
    found = parse(mark + TABLE.replace("\n", ending).replace(",", delimiter).encode())
    assert found.problems == ()
    assert found.names == {"AGNCM": "AGNC-M", "CIM PRB": "CIM-B"}
    assert found.volumes == {"CIM PRB": 52_700, "MS PRK": 104_600}


def test_that_the_header_is_optional_and_excel_may_quote() -> None:
    assert parse(b'"agncm","AGNC-M", "100"\n\n,,\n').names == {"AGNCM": "AGNC-M"}
    assert parse(b"IBKR,IBKR\n").names == {"IBKR": "IBKR"}
    assert parse(b"ibkr,hammer\nSPY,SPY\n").names == {"SPY": "SPY"}


def test_that_a_bad_line_is_named_with_its_number_and_the_rest_counts() -> None:
    for line, message in (
        ("AGNCM", "has no HAMMER symbol for AGNCM."),
        (",AGNC-M", "has no IBKR symbol."),
        ("AGNCM,AGNC-M,1,2", "has more than three columns."),
        ('AGNCM,"AGNC-M', "its quotation marks do not match."),
        ("AGN\x01CM,AGNC-M", "'AGN\\x01CM' is no symbol."),
        ("AGNCM," + "X" * 33, f"{'X' * 32!r} is no symbol."),
    ):
        with named_in_failure(line, message):
            found = parse(f"SPY,SPY\n# a note\n{line}\nMS PRK,MS-K\n".encode())
            assert found.problems == (f"line 3: {message}",)
            assert found.names == {"SPY": "SPY", "MS PRK": "MS-K"}


def test_that_no_volume_drops_the_name_of_a_share() -> None:
    for volume in ("many", "-5", "0", "1.5", "12.34.567", "1,25E+05", "12.3456"):
        with named_in_failure(volume):
            found = parse(f'SPY;SPY\nAGNCM;AGNC-M;"{volume}"\nMS PRK;;{volume}\n'.encode())
            message = f"{volume!r} is no average daily volume; whole shares are, such as 52700."
            assert found.problems == (f"line 2: {message}", f"line 3: {message}")
            assert found.names == {"SPY": "SPY", "AGNCM": "AGNC-M"}
            assert found.volumes == {}


def test_that_a_volume_is_read_as_the_spreadsheets_of_any_country_write_it() -> None:
    for line, shares in (
        ("AGNCM;AGNC-M;1.250.000", 1_250_000),
        ("AGNCM;AGNC-M;125.000,00", 125_000),
        ("AGNCM;AGNC-M;125\u00a0000", 125_000),
        ("AGNCM;AGNC-M;125'000", 125_000),
        ("AGNCM;AGNC-M;125000,00", 125_000),
        ("AGNCM;AGNC-M;52700.0", 52_700),
        ("AGNCM,AGNC-M,1,250,000", 1_250_000),
    ):
        with named_in_failure(line, shares):
            found = parse(f"{line}\n".encode())
            assert (found.problems, found.volumes) == ((), {"AGNCM": shares})
            assert found.names == {"AGNCM": "AGNC-M"}


def test_that_a_volume_of_two_meanings_is_named_with_both() -> None:
    for line, text in (
        ("AGNCM;AGNC-M;125.000", "'125.000' may mean 125 or 125000"),
        ("AGNCM;AGNC-M;125,000", "'125,000' may mean 125000 or 125"),
        ("AGNCM\tAGNC-M\t52.700", "'52.700' may mean 52.7 or 52700"),
        ("AGNCM,AGNC-M,125.000", "'125.000' may mean 125 or 125000"),
        ('AGNCM,AGNC-M,"125,000"', "'125,000' may mean 125000 or 125"),
        ("AGNCM,AGNC-M,125,000", "'125,000' may mean 125000 or 125"),
    ):
        with named_in_failure(line, text):
            found = parse(f"{line}\n".encode())
            advice = "write whole shares without thousands, such as 52700."
            assert (found.problems, found.volumes) == ((f"line 1: {text}; {advice}",), {})
            assert found.names == {"AGNCM": "AGNC-M"}
            changed = parse(with_override(f"{line}\n".encode(), "AGNCM", "X"))
            assert (changed.names, changed.problems) == ({"AGNCM": "X"}, found.problems)


def test_that_volumes_of_which_each_may_mean_two_are_named_in_one_sentence() -> None:
    lines = [f'AA{n},AA-{n},"{n},000"' for n in range(100, 400)]
    found = parse("\n".join(["IBKR,HAMMER,volume", *lines, 'SPY,,"125,000"', "GS PRA,GS-A,x"]).encode())
    assert found.problems == (
        "line 2: '100,000' may mean 100000 or 100, and in the same way the volumes of 300 more lines; "
        "write whole shares without thousands, such as 52700.",
        "line 303: 'x' is no average daily volume; whole shares are, such as 52700.",
    )
    assert len(found.names) == 301
    assert found.volumes == {}


def test_that_a_volume_of_millions_decides_how_the_others_are_read() -> None:
    shares = {"AGNCM": 125_000, "SPY": 1_250_000}
    for table in (
        b"AGNCM;AGNC-M;125.000\nSPY;SPY;1.250.000\n",
        b'AGNCM,AGNC-M,"125,000"\nSPY,SPY,"1,250,000"\n',
        b"AGNCM,AGNC-M,125,000\nSPY,SPY,1,250,000\n",
    ):
        assert (parse(table).problems, parse(table).volumes) == ((), shares)


def test_that_a_volume_with_decimals_decides_how_the_others_are_read() -> None:
    found = parse(b"AGNCM;AGNC-M;125.000\nSPY;SPY;52700.0\nMS PRK;;1,000\nGS PRA;GS-A;52.700\n")
    assert found.volumes == {"AGNCM": 125, "SPY": 52_700, "MS PRK": 1_000}
    assert found.problems == (
        "line 4: '52.700' is no average daily volume; whole shares are, such as 52700.",
    )


@pytest.mark.parametrize("encoding", ["cp1254", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_that_the_table_of_a_turkish_excel_is_read(encoding: str, first: str) -> None:
    written = (
        f"{first}IBKR sembolü;HAMMER sembolü;Ortalama günlük hacim, adet\r\n"
        "AGNCM;AGNC-M;125.000\r\nCIM PRB;CIM-B;1.250.000\r\n"
    ).encode(encoding)
    found = parse(written)
    assert found.problems == ()
    assert found.names == {"AGNCM": "AGNC-M", "CIM PRB": "CIM-B"}
    assert found.volumes == {"AGNCM": 125_000, "CIM PRB": 1_250_000}
    changed = with_override(written, "AGNCM", "AGNCM")
    assert changed == written.replace(b"AGNC-M;125.000", b"AGNCM;125.000")


def test_that_a_letter_of_another_alphabet_makes_no_symbol() -> None:
    found = parse("CİM PRB;CIM-B\nAGNCM;AGNC-Ş\nSPY;SPY\n".encode())
    assert found.problems == (
        "line 1: 'CİM PRB' is no symbol: symbols have letters of the English alphabet, such as CIM PRB.",
        "line 2: 'AGNC-Ş' is no symbol: symbols have letters of the English alphabet, such as AGNC-S.",
    )
    assert found.names == {"SPY": "SPY"}
    with pytest.raises(SettingsError, match="'CİM' is no symbol"):
        with_override(b"", "CİM", "CIM")


def test_that_an_unreadable_volume_is_kept_when_the_name_is_changed() -> None:
    assert with_override(b"AGNCM,AGNC-M,many\n", "AGNCM", "AGNCM") == b"AGNCM,AGNCM,many\n"


def test_that_a_file_that_another_program_holds_counts_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SymbolFile(tmp_path / "symbols.csv")
    file.path.write_bytes(TABLE.encode())
    before = file.read()
    with monkeypatch.context() as patch:
        Holder(Path.read_bytes, 10**6).before(patch, "read_bytes")
        found = file.read()
        assert found.names == before.names
        assert found.problems == ("the file cannot be read: another program has it open: close it there.",)
        assert file.has_changed(), "it is looked at again"
        with pytest.raises(SettingsError, match="cannot be read"):
            file.set_override("SPY", "X")
    assert file.read() == before


def test_that_a_line_in_another_encoding_is_named() -> None:
    found = parse(b"SPY,SPY\nCAF\xc9,CAFE\n")
    assert found.problems == ("line 2: is not UTF-8.",)
    assert parse("SPY,SPY\n".encode("utf-16")).problems == ('the file is not UTF-8; save it as "CSV UTF-8".',)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00\nA,B\n", 'the file is an Excel workbook; save it as "CSV UTF-8".'),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\n", 'the file is an Excel workbook; save it as "CSV UTF-8".'),
        (
            bytes(700),
            "the file holds nothing but zeros, as after a power failure; take it from a copy, or remove it.",
        ),
        ("SPY,SPY\n".encode("utf-16-le"), 'the file is not UTF-8; save it as "CSV UTF-8".'),
    ],
)
def test_that_a_file_that_is_no_table_is_reported_once_and_left_as_it_is(
    data: bytes, why: str, tmp_path: Path
) -> None:
    assert parse(data).problems == (why,)
    path = tmp_path / "symbols.csv"
    path.write_bytes(data)
    with pytest.raises(SettingsError, match="cannot be changed: the file"):
        SymbolFile(path).set_override("SPY", "X")
    assert path.read_bytes() == data


def test_that_an_endless_line_is_reported_in_a_short_sentence() -> None:
    assert parse(b"A," + b"B" * 1_000_000).problems == ("line 1: is too long to be a line of this table.",)
    assert parse(b"A\x01\x02\n").problems == (r"line 1: has no HAMMER symbol for 'A\x01\x02'.",)


def test_that_duplicates_are_reported() -> None:
    found = parse(b"AGNCM,AGNC-M\nAGNCM,AGNCM\nCIM PRB,CIM-B\nCIM PRD,CIM-B\n")
    assert found.problems == (
        "line 2: AGNCM is on line 1 already, which counts.",
        "line 4: CIM PRD and CIM PRB are both CIM-B; both get its quotes.",
    )
    assert found.names == {"AGNCM": "AGNC-M", "CIM PRB": "CIM-B", "CIM PRD": "CIM-B"}


@given(st.binary(max_size=200))
def test_that_any_bytes_are_names_and_problems(data: bytes) -> None:
    found = parse(data)
    assert all(ibkr and hammer for ibkr, hammer in found.names.items())


def test_that_changing_a_name_keeps_the_other_lines_the_comments_and_the_volume() -> None:
    assert with_override(TABLE.encode(), "cim prb", "CIMpB").decode() == TABLE.replace("CIM-B", "CIMpB")
    assert with_override(TABLE.encode(), "MS PRK", "MS-K").decode() == TABLE.replace("K,,", "K,MS-K,")
    assert with_override(TABLE.encode(), "SPY", "SPY.A").decode() == TABLE + "SPY,SPY.A\n"


def test_that_an_empty_name_goes_back_to_the_rule() -> None:
    assert with_override(TABLE.encode(), "AGNCM", "").decode() == TABLE.replace("AGNCM,AGNC-M\n", "")
    assert with_override(TABLE.encode(), "CIM PRB", "").decode() == TABLE.replace("CIM-B", "")
    assert with_override(TABLE.encode(), "SPY", "").decode() == TABLE


@given(
    # What holds only zeros, or begins with two side by side as UTF-16 may, is refused as a whole.
    st.binary(max_size=120).filter(lambda data: not " ".join(parse(data).problems).startswith("the file ")),
    st.text(string.ascii_uppercase, min_size=1, max_size=6),
    st.text(string.ascii_uppercase + "-./", min_size=1, max_size=8),
)
def test_that_a_changed_name_is_read_back_whatever_else_the_file_holds(
    data: bytes, ibkr: str, hammer: str
) -> None:
    before = parse(data)
    after = parse(with_override(data, ibkr, hammer))
    if "IBKR" not in ibkr and "symbol" not in data.decode(errors="replace").casefold():
        assert after.names[ibkr] == hammer
    assert {k: v for k, v in before.names.items() if k != ibkr} == {
        k: v for k, v in after.names.items() if k != ibkr
    }


def test_that_a_name_that_no_line_can_hold_is_refused() -> None:
    for ibkr, hammer in (("", "X"), ("#X", "X"), ("X", "\x00"), ("X", "Y" * 40)):
        with named_in_failure(ibkr, hammer), pytest.raises(SettingsError, match="symbol"):
            with_override(b"", ibkr, hammer)


def test_that_a_file_that_is_not_there_yet_is_made_with_its_header(tmp_path: Path) -> None:
    file = SymbolFile(tmp_path / "psf_monitor" / "symbols.csv")
    assert file.read().problems == ()
    file.set_override("AGNCM", "AGNC-M")
    assert file.read().names == {"AGNCM": "AGNC-M"}
    assert file.path.read_text().splitlines()[0] == "IBKR symbol,HAMMER symbol,average daily volume"
    assert [p.name for p in file.path.parent.iterdir()] == ["symbols.csv"]


def test_that_an_edit_by_hand_is_noticed_once(tmp_path: Path) -> None:
    file = SymbolFile(tmp_path / "symbols.csv")
    file.read()
    assert not file.has_changed()
    file.path.write_bytes(b"AGNCM,AGNC-M\n")
    assert file.has_changed()
    file.read()
    assert not file.has_changed()


def test_that_a_file_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SymbolFile(tmp_path / "symbols.csv")
    file.path.write_bytes(TABLE.encode())

    def held_by_excel(new: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(new), None, str(target))

    monkeypatch.setattr(Path, "replace", held_by_excel)
    with pytest.raises(SettingsError, match="Close it in Excel"):
        file.set_override("SPY", "X")
    assert file.path.read_bytes() == TABLE.encode()
    assert [p.name for p in tmp_path.iterdir()] == ["symbols.csv"]


def test_that_a_folder_in_its_place_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    file = SymbolFile(tmp_path)
    assert "the file cannot be read" in file.read().problems[0]
    with pytest.raises(SettingsError, match="cannot be read"):
        file.set_override("SPY", "X")
