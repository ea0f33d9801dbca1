"""The notation of a file follows from its own figures."""

from psf_monitor.settings.figure_notation import has_decimal_comma, meanings
from tests.conftest import named_in_failure


def test_that_a_file_is_read_by_the_notation_that_reads_most_of_it() -> None:
    for cells, delimiter, comma in (
        (["24.55", "1,234"], ";", False),
        (["24,55", "1.234"], ";", True),
        (["24,55", "1.234"], ",", True),
        (["1.234", "1,234"], ";", None),
        (["1.234", "1,234"], ",", False),
        (["6.875%", "8.125%"], ";", None),
        (["6.875%", "8.125%"], ",", False),
        (["6,875%", "8,125%", "25"], ",", None),
        (["6,875%", "52,700", "24.5"], ",", False),
        (["6,875%", "6,5%"], ",", True),
        (["25", "100"], ",", False),
        (["6,75%"], ";", True),
    ):
        with named_in_failure(cells, delimiter, comma):
            assert has_decimal_comma(cells, delimiter=delimiter) is comma


def test_that_a_figure_means_what_it_may() -> None:
    for text, has_comma, found in (
        ("125.000", None, (125.0, 125_000.0)),
        ("125,000", None, (125_000.0, 125.0)),
        ("125.000", True, (125_000.0,)),
        ("1.250.000", None, (1_250_000.0,)),
        ("125.000,50", None, (125_000.5,)),
        ("125 000", None, (125_000.0,)),
        ("0.125", None, (0.125,)),
        ("many", None, ()),
        ("1.5", True, ()),
    ):
        with named_in_failure(text, has_comma, found):
            assert meanings(text, has_comma) == found
