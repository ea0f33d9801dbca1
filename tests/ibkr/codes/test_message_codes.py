"""Every code of TWS is classified, and unpublished ones are shown."""

import pytest

from psf_monitor.ibkr import errors
from psf_monitor.ibkr.codes.message_codes import CodeAction, Subject, message_code
from psf_monitor.ibkr.errors import is_another_refusal, plain_sentence
from tests.conftest import named_in_failure

RANGES = [range(2100, 2200), range(10000, 10401), range(399, 506), range(100, 600), range(1100, 1400)]


@pytest.mark.parametrize("codes", RANGES, ids=str)
def test_that_no_code_is_without_a_place(codes: range) -> None:
    for code in codes:
        place = message_code(code)
        assert place.code == code
        assert place.meaning
        assert place.subject is not Subject.UNKNOWN or place.action is CodeAction.REPORT


def test_that_a_code_is_about_what_ibkr_documents() -> None:
    for code, subject in (
        (2104, Subject.DATA_FARM),
        (2152, Subject.HARMLESS),
        (2148, Subject.ACCOUNT),
        (2110, Subject.CONNECTION),
        (326, Subject.CONNECTION),
        (10141, Subject.CONNECTION),
        (202, Subject.ORDER),
        (2137, Subject.ORDER),
        (10349, Subject.ORDER),
        (404, Subject.ORDER),
        (2161, Subject.ORDER),
        (460, Subject.ORDER),
        (2199, Subject.UNKNOWN),
    ):
        with named_in_failure(code, subject):
            assert message_code(code).subject is subject


def test_that_an_event_of_an_order_is_one_line_in_the_status_line() -> None:
    for code in (201, 202, 399, 404, 460, 2109, 2137, 2161, 10349):
        with named_in_failure(code):
            assert message_code(code).action is CodeAction.NOTICE


@pytest.mark.parametrize("code", [1100, 2110])
def test_that_both_codes_of_a_lost_link_to_ibkr_mean_the_same(code: int) -> None:
    assert message_code(code).action is CodeAction.CUT_OFF


def test_that_a_sentence_of_tws_becomes_letters_on_one_line() -> None:
    for reported, read in (
        (r"\u00dcberpr\u00fcfung", "Überprüfung"),
        (r"API \u63a5\u53e3", "API 接口"),
        (r"\ud83d\ude00 ok", "😀 ok"),
        (r"half \ud83d of a pair", "half \ufffd of a pair"),
        ("two\nlines\r\n\x1b[31mred\u2028end\u202e", "two lines [31mred end"),
        (r"a\u000ab", "a b"),
        ("plain.", "plain."),
    ):
        with named_in_failure(reported, read):
            assert plain_sentence(reported) == read


def test_that_an_endless_sentence_is_cut() -> None:
    assert len(plain_sentence("word " * 10_000)) < 700


def test_that_read_only_is_known_in_every_language() -> None:
    for text, is_another in (
        ("Error validating request.-'bK' : cause - Invalid account code", True),
        ("Error validating request.-'bD' : cause - The API interface is currently in Read-Only mode.", False),
        ("Fehler bei der Anfrage.-'bD' : cause - Die API befindet sich im Nur-Lese-Modus.", False),
        ("Hata.-'bD' : cause - API arayüzü şu anda salt okunur modda.", False),
        ("リクエストの検証エラー: APIは現在読み取り専用モードです。", False),
    ):
        with named_in_failure(text, is_another):
            assert is_another_refusal(text) is is_another


def test_that_a_line_closed_with_a_sentence_without_code_names_none() -> None:
    problem = errors.closed_with(None, "Bye.")
    assert problem.cause == "TWS closed the line"
    assert "None" not in str(problem)
