"""Several files as one: kinds of columns, cells that are none, and files that contradict each other."""

from datetime import date

from psf_monitor.domain.facts import FactColumn, FactKind, Facts
from psf_monitor.facts.merge import merge
from psf_monitor.facts.table import parse

PSFALGO = """PREF IBKR,CMON,COUPON,DIV AMOUNT,EX-DIV DATE,CALL DATE,AVG_ADV,CUR_YIELD,Group
CIM PRB,CIM,8.00%,0.5,05/13/2025,03/30/2024,52700.5,9.88%,heldff
NLY PRG,NLY,6.50%,0.40625,06/02/2025,soon,0,6.4%,helddeznff
AGNCN,AGNC,n.a.,0.5,06/30/2025,,96200,,heldff
"""


def merged(**files: str) -> Facts:
    return merge({f"{name}.csv": parse(text.encode()) for name, text in files.items()})


def test_that_columns_are_recognised_and_cells_mean_what_is_written() -> None:
    facts = merged(a=PSFALGO)
    kinds = {column.title: column.kind.value for column in facts.columns}
    assert kinds == {
        "CMON": "text",
        "COUPON": "percent",
        "DIV AMOUNT": "number",
        "EX-DIV DATE": "date",
        "CALL DATE": "text",
        "AVG_ADV": "number",
        "CUR_YIELD": "percent",
        "Group": "text",
    }
    cim = facts.shares["CIM PRB"]
    assert (cim.number("COUPON"), cim.day("EXDIVDATE")) == (8.0, date(2025, 5, 13))
    assert (cim.issuer, cim.group) == ("CIM", "heldff")
    assert facts.volumes == {"CIM PRB": 52_700.5, "AGNCN": 96_200.0}


def test_that_an_unparsable_cell_is_shown_raw_and_named_with_file_and_line() -> None:
    facts = merged(a=PSFALGO)
    coupon = facts.shares["AGNCN"].cells["COUPON"]
    assert (coupon.text, coupon.value, coupon.line) == ("n.a.", None, 4)
    assert facts.problems == (
        "CALL DATE is read as text, no date: nothing is worked out of it.",
        "COUPON: 'n.a.' on line 4 of a.csv is no percent, it is shown as it stands.",
        "AVG_ADV: '0' on line 3 of a.csv is no average daily volume, it is shown as it stands.",
    )


def test_that_many_bad_cells_of_a_column_give_one_sentence() -> None:
    text = "PREF IBKR,N\n" + "".join(f"A{n},{n}\n" for n in range(9)) + "".join(f"B{n},x\n" for n in range(5))
    (problem,) = merged(a=text).problems
    assert problem == (
        "N: 'x' on line 11 of a.csv, 'x' on line 12 of a.csv, 'x' on line 13 of a.csv and 2 more are no "
        "numbers, they are shown as they stand."
    )


def test_that_files_complete_each_other_and_the_first_of_two_counts() -> None:
    facts = merged(
        a="PREF IBKR,COUPON\nCIM PRB,8%\n",
        b="Symbol;coupon;Sector\nCIM PRB;8,5%;REIT\nGS PRA;5,5%;Bank\n",
    )
    assert facts.columns == (
        FactColumn("COUPON", "COUPON", FactKind.PERCENT, decimals=1, letters=4),
        FactColumn("SECTOR", "Sector", FactKind.TEXT, letters=4),
    )
    assert facts.shares["CIM PRB"].number("COUPON") == 8.0
    assert facts.shares["CIM PRB"].text_of("SECTOR") == "REIT"
    assert facts.shares["GS PRA"].number("COUPON") == 5.5
    assert facts.problems == (
        "b.csv: line 2: CIM PRB has COUPON 8,5% here and 8% in a.csv, line 2, which counts.",
    )


def test_that_files_that_agree_have_nothing_to_report() -> None:
    text = "PREF IBKR,COUPON\nCIM PRB,8%\n"
    assert merged(a=text, b=text).problems == ()


def test_that_an_ambiguous_figure_is_named_with_both_meanings_and_used_in_no_calculation() -> None:
    facts = merged(
        a="Symbol;COUPON;AVG_ADV\nCIM PRB;8.125%;52.700\nGS PRA;6.000%;1.250\nMS PRK;6%;9\n",
        b="Symbol;PAR\nCIM PRB;25,00\n",
    )
    cim = facts.shares["CIM PRB"]
    assert (cim.cells["COUPON"].text, cim.number("COUPON"), cim.number("PAR")) == ("8.125%", None, 25.0)
    assert facts.shares["MS PRK"].number("COUPON") == 6.0
    assert facts.volumes == {"MS PRK": 9.0}
    assert facts.problems == (
        "COUPON: '8.125%' on line 2 of a.csv may mean 8.125 or 8125 and '6.000%' on line 3 of a.csv may mean "
        "6 or 6000, shown as it stands: write no thousands, and not three decimals everywhere.",
        "AVG_ADV: '52.700' on line 2 of a.csv may mean 52.7 or 52700 and '1.250' on line 3 of a.csv may mean "
        "1.25 or 1250, shown as it stands: write no thousands, and not three decimals everywhere.",
    )


def test_that_a_comma_in_quotation_marks_may_be_the_decimal_one_where_no_figure_has_a_point() -> None:
    facts = merged(a='Symbol,COUPON\nCIM PRB,"6,875%"\nGS PRA,"8,125%"\n')
    assert facts.shares["CIM PRB"].number("COUPON") is None
    assert "'6,875%' on line 2 of a.csv may mean 6875 or 6.875" in facts.problems[0]
    facts = merged(a='Symbol,COUPON,AVG_ADV\nCIM PRB,8.00%,"52,700"\n')
    assert (facts.volumes, facts.problems) == ({"CIM PRB": 52_700.0}, ())


def test_that_one_unambiguous_figure_decides_how_its_file_is_read() -> None:
    facts = merged(a="Symbol;COUPON;DIV AMOUNT\nCIM PRB;8.125%;0.508\nGS PRA;6.000%;0.375\n")
    assert facts.shares["CIM PRB"].number("COUPON") == 8.125
    assert facts.problems == ()


def test_that_an_ambiguous_date_is_named_with_both_meanings_unless_its_column_decides() -> None:
    facts = merged(
        a="Symbol,EX-DIV DATE,CALL DATE,Paid\nCIM PRB,05/06/2025,06/05/2030,1/2/2026\n"
        "GS PRA,06/06/2025,06/13/2030,2026-01-02\n",
        b="Symbol,Paid\nMS PRK,13/01/2026\nKEY PRK,02/01/2026\n",
    )
    cim = facts.shares["CIM PRB"]
    assert (cim.text_of("EXDIVDATE"), cim.day("EXDIVDATE"), cim.day("CALLDATE")) == (
        "05/06/2025",
        None,
        date(2030, 6, 5),
    )
    assert facts.shares["GS PRA"].day("EXDIVDATE") == date(2025, 6, 6)
    assert facts.shares["KEY PRK"].day("PAID") == date(2026, 1, 2)
    assert facts.problems == (
        "EX-DIV DATE: '05/06/2025' on line 2 of a.csv may mean 2025-05-06 or 2025-06-05, shown as it stands: "
        "write the year first, such as 2026-09-18.",
        "Paid: '1/2/2026' on line 2 of a.csv may mean 2026-01-02 or 2026-02-01, shown as it stands: "
        "write the year first, such as 2026-09-18.",
    )


def test_that_a_column_of_texts_has_no_figure_of_two_meanings() -> None:
    assert merged(a="Symbol;Note\nCIM PRB;6.875\nGS PRA;05/06/2025\nMS PRK;a\nX;b\nY;c\n").problems == ()
