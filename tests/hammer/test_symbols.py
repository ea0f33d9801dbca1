import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from psf_monitor.hammer.symbols import SymbolTable, guessed, to_hammer

CLASSES = frozenset(
    {
        *("AKO-A", "AKO-B", "BF-A", "BF-B", "BH-A", "BIO-B", "BRK-A", "BRK-B", "BWL-A", "CIG-C", "CRD-A"),
        *("CRD-B", "CWEN-A", "EBR-B", "GEF-B", "GTN-A", "HEI-A", "HVT-A", "LEN-B", "MKC-V", "MOG-A", "MOG-B"),
        *("PBR-A", "TAP-A", "UHAL-B", "WSO-B"),
    }
)
bases = st.text(string.ascii_uppercase, min_size=1, max_size=5)
STATES = ("WI", "WD", "CL", "CV", "RT", "WS")
series = st.text(string.ascii_uppercase, min_size=1, max_size=3).filter(lambda of: not of.endswith(STATES))
symbols = st.one_of(bases, st.builds("{} PR{}".format, bases, series), st.text(max_size=8))


@given(bases, series)
def test_that_a_preferred_series_is_joined_to_its_base_by_a_dash(base: str, of: str) -> None:
    assert to_hammer(f"{base} PR{of}", {}) == f"{base}-{of}"


@given(bases, st.sampled_from(["", "A", "AB"]), st.sampled_from(STATES))
def test_that_a_called_or_when_issued_series_keeps_its_name(base: str, of: str, state: str) -> None:
    assert to_hammer(f"{base} PR{of}{state}", {}) == f"{base} PR{of}{state}"


@given(bases)
def test_that_anything_else_is_the_same_at_hammer(base: str) -> None:
    assert to_hammer(base, {}) == base


def test_that_spellings_without_a_series_are_left_alone() -> None:
    for symbol in ("BRK B", "CIM PR", " PRB", "SPY", "AGNCN", "A B PRC", "CIM PRB C", ""):
        assert to_hammer(symbol, {}) == symbol


@given(symbols, symbols)
def test_that_the_traders_own_name_goes_before_the_rule(symbol: str, named: str) -> None:
    assert to_hammer(symbol, {symbol: named}) == named


@given(st.sets(symbols), st.dictionaries(symbols, symbols))
def test_that_every_wanted_symbol_is_found_again_by_its_hammer_name(
    wanted: set[str], overrides: dict[str, str]
) -> None:
    table = SymbolTable(overrides)
    table.set_wanted(wanted)
    assert table.requested.keys() == wanted
    for symbol in wanted:
        assert symbol in table.readers_of(table.to_hammer(symbol))
    found = [symbol for name in table.hammer_symbols for symbol in table.readers_of(name)]
    assert sorted(found) == sorted(wanted)


def test_that_two_symbols_may_share_one_hammer_name() -> None:
    table = SymbolTable({"CIMB OLD": "CIM-B"})
    table.set_wanted(["CIM PRB", "CIMB OLD"])
    assert table.readers_of("CIM-B") == ("CIM PRB", "CIMB OLD")


def test_that_a_symbol_no_longer_wanted_is_forgotten() -> None:
    table = SymbolTable({})
    table.set_wanted(["CIM PRB", "SPY"])
    table.set_wanted(["SPY"])
    assert table.readers_of("CIM-B") == ()
    assert table.requested == {"SPY": "SPY"}


def test_that_new_names_from_the_trader_reach_the_wanted_symbols() -> None:
    table = SymbolTable({})
    table.set_wanted(["AGNCM", "SPY"])
    table.remap({"AGNCM": "AGNC-M"})
    assert table.requested == {"AGNCM": "AGNC-M", "SPY": "SPY"}
    assert table.readers_of("AGNCM") == ()
    assert table.readers_of("AGNC-M") == ("AGNCM",)


@given(st.sets(symbols), st.dictionaries(symbols, symbols))
def test_that_to_hammer_and_back_is_the_same_share_for_every_subscribed_symbol(
    wanted: set[str], overrides: dict[str, str]
) -> None:
    table = SymbolTable(overrides)
    table.set_wanted(wanted)
    for symbol in wanted:
        asked = table.to_hammer(symbol)
        # Of several names for one share any will do: all of them get its quotes.
        assert table.to_hammer(table.to_ibkr(asked)) == asked
        if table.readers_of(asked) == (symbol,) and asked not in overrides.values():
            assert table.to_ibkr(asked) == symbol


@given(bases, st.sampled_from(string.ascii_uppercase))
def test_that_hammers_own_names_are_guessed_by_the_rule(base: str, of: str) -> None:
    assume(f"{base}-{of}" not in CLASSES)
    assert guessed(f"{base}-{of}") == f"{base} PR{of}"
    assert guessed(base) == base


def test_that_a_class_of_shares_that_hammer_names_is_called_no_preferred_share() -> None:
    for name in CLASSES:
        assert guessed(name) == SymbolTable({}).to_ibkr(name) == name


@pytest.mark.parametrize("name", ["XYZ-WT", "XYZ-WS", "XYZ-RT", "BTC-USD", "BHP-LN", "WFC-AA", "DCOM-"])
def test_that_more_than_one_letter_after_the_dash_is_no_series(name: str) -> None:
    """HAMMER has warrants, rights and other markets; series of two letters are shown as HAMMER names them."""
    assert guessed(name) == SymbolTable({}).to_ibkr(name) == name


def test_that_a_series_of_two_letters_that_a_login_holds_has_its_name() -> None:
    table = SymbolTable({})
    table.set_wanted(["WFC PRAA"])
    assert table.to_ibkr("WFC-AA") == "WFC PRAA"


def test_that_the_traders_table_goes_before_the_guess() -> None:
    table = SymbolTable({"AGNCM": "AGNC-M", "CIM PRB": "CIMpB"})
    assert table.to_ibkr("AGNC-M") == "AGNCM"
    assert table.to_ibkr("CIMpB") == "CIM PRB"
    assert table.to_ibkr("MS-K") == "MS PRK"
    # The guess would be requested under another name, so it is not used.
    assert table.to_ibkr("CIM-B") == "CIM-B"


def test_that_subscriptions_are_read_back_as_written() -> None:
    table = SymbolTable({})
    table.set_wanted(["BRK-B"])
    assert table.to_ibkr("BRK-B") == "BRK-B"


def test_that_a_change_of_what_is_wanted_names_the_new_and_the_renamed() -> None:
    table = SymbolTable({})
    table.set_wanted({"SPY", "CIM PRB"})
    assert table.added == {"SPY", "CIM PRB"}
    assert not table.renamed
    table.set_wanted({"CIM PRB", "T PRC"})
    assert table.added == {"T PRC"}
    assert not table.renamed
    table.remap({"CIM PRB": "CIM.PB"})
    assert table.renamed == {"CIM PRB"}
    assert not table.added
    assert table.requested == {"CIM PRB": "CIM.PB", "T PRC": "T-C"}
