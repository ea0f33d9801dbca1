import pytest

from psf_monitor.domain.account import AccountMode, is_paper


def test_that_modes_have_the_names_of_psfalgo_and_fit_a_column() -> None:
    assert [(mode.value, mode.short) for mode in AccountMode] == [
        ("IBKR_GUN", "GUN"),
        ("IBKR_PED", "PED"),
        ("HAMMER_PRO", "HAMMER"),
    ]


@pytest.mark.parametrize("account", ["DU1234567", "DF1234567", "du1234567"])
def test_that_an_account_that_begins_with_d_is_paper(account: str) -> None:
    assert is_paper(account)


@pytest.mark.parametrize("account", ["U1234567", "F7654321", ""])
def test_that_any_other_account_is_live(account: str) -> None:
    assert not is_paper(account)
