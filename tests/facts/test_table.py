"""A trader's file from its bytes: encodings, separators, and what is skipped and reported."""

import locale
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.facts.table import FactTable, UnusableFileError, parse
from tests.conftest import named_in_failure


def rows(table: FactTable) -> dict[str, dict[str, str]]:
    return {row.symbol: row.cells for row in table.rows}


def test_that_a_file_is_read_whoever_saved_it() -> None:
    for data in (
        b"PREF IBKR,CMON\nCIM PRB,CIM\n",
        b"\xef\xbb\xbfPREF IBKR,CMON\r\nCIM PRB,CIM\r\n",
        b"sep=;\nPREF IBKR;CMON\nCIM PRB;CIM\n",
        b"CMON\tPREF IBKR\nCIM\tcim  prb\n",
        "PREF IBKR\tCMON\nCIM PRB\tCIM\n".encode("utf-16"),
        b"# of September\n\nCMON|Symbol\nCIM|CIM PRB\n",
        b'"Pref IBKR","CMON"\n"CIM PRB","CIM"',
        b",PREF IBKR,CMON\n0,CIM PRB,CIM\n".replace(b",PREF", b"n,PREF").replace(
            b"0,CIM PRB", b"nan,CIM PRB"
        ),
    ):
        with named_in_failure(data):
            table = parse(data)
            assert rows(table) == {"CIM PRB": {"CMON": "CIM"}}
            assert not table.problems
            assert not table.is_cut_off


def test_that_a_code_page_is_recognized_and_reported() -> None:
    page = locale.getencoding() if sys.platform == "win32" else "cp1254"
    # A letter that western and Turkish Windows write alike.
    table = parse("PREF IBKR,Group\nCIM PRB,AÉIR\n".encode(page))
    assert rows(table)["CIM PRB"]["GROUP"] == "AÉIR"
    (problem,) = table.problems
    assert problem.startswith(f"line 2: is not UTF-8, read as {page}")


def test_that_a_file_without_the_symbols_is_refused_with_the_reason() -> None:
    for data, why in (
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"CMON,COUPON\nCIM,8%\n", "line 1: has no column of IBKR symbols; one with the title PREF IBKR"),
        (b"PK\x03\x04rest", "is a workbook of Excel"),
        (b"PREF\x00IBKR", "is no text"),
        (bytes(700), "holds nothing but zeros, as after a power failure"),
        ("PR".encode("utf-16"), "line 1: has no column of IBKR symbols"),
        (b"\xff\xfeP", "is UTF-16 that ends in the middle"),
    ):
        with named_in_failure(data, why):
            with pytest.raises(UnusableFileError) as error:
                parse(data)
            assert why in str(error.value)


def test_that_a_line_that_cannot_be_used_is_named_and_the_rest_counts() -> None:
    table = parse(
        b"PREF IBKR,CMON,COUPON\n"
        b"CIM PRB,CIM,8%\n"
        b"cim prb,CIM,9%\n"
        b",NLY,7%\n"
        b"nan,NLY,7%\n"
        b"MS PRK,MS,5,85%\n"
        b'GS PRA,"GS"x,5%\n'
        b"ABR PRF,ABR\n"
        b"KEY PRK,KEY,6%\n"
    )
    assert list(rows(table)) == ["CIM PRB", "ABR PRF", "KEY PRK"]
    assert rows(table)["CIM PRB"]["COUPON"] == "8%"
    assert [problem.split(",")[0] for problem in sorted(table.problems)] == [
        "line 3: CIM PRB is on line 2 already",
        "line 6: has 4 cells under 3 titles",
        "line 7: its quotation marks do not match",
        "lines 4",
    ]


def test_that_titles_that_are_twice_or_missing_have_names() -> None:
    table = parse(b"PREF IBKR,COUPON,,COUPON\nCIM PRB,8%,x,9%\n")
    assert table.titles == {"COUPON": "COUPON", "COLUMN3": "column 3", "COUPON#2": "COUPON (2)"}
    assert table.problems == ("line 1: has COUPON 2 times; they are told apart by a number.",)


def test_that_the_lines_are_those_of_the_file_over_quoted_line_breaks_and_comments() -> None:
    table = parse(b'# mine\nPREF IBKR,Note\nCIM PRB,"a\nb"\nGS PRA,c\n')
    assert [(row.symbol, row.line) for row in table.rows] == [("CIM PRB", 3), ("GS PRA", 5)]


def test_that_a_file_cut_off_in_a_line_is_known_for_it() -> None:
    for end in (b'GS PRA,"G', b"GS PRA", b"GS"):
        with named_in_failure(end):
            assert parse(b"PREF IBKR,CMON\nCIM PRB,CIM\n" + end).is_cut_off


@given(st.binary(max_size=200))
def test_that_no_bytes_are_more_than_refused(data: bytes) -> None:
    for content in (data, b"PREF IBKR,COUPON\n" + data):
        with suppress(UnusableFileError):
            parse(content)
