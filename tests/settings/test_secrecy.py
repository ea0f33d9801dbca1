"""No part of a password appears in an error about a setting."""

from typing import Any

import pytest

from psf_monitor.settings import SettingsError


def test_that_a_wrong_password_value_is_never_repeated(load: Any) -> None:
    with pytest.raises(SettingsError) as error:
        load(environment={"HAMMER_PASSWORD": "open sesame", "HAMMER_PORT": "x"})
    assert "open sesame" not in str(error.value)


@pytest.mark.parametrize("page", ["cp1254", "utf-16-le"])
def test_that_no_part_of_a_password_is_repeated_of_a_file_that_is_not_utf_8(load: Any, page: str) -> None:
    for name, file in (
        ("HAMMER_PASSWORD=", {"dotenv": "IBKR_PORT=4001\nHAMMER_PASSWORD=sesamşopen\n".encode(page)}),
        ("password =", {"toml": '[hammer]\npassword = "sesamşopen"\n'.encode(page)}),
    ):
        with pytest.raises(SettingsError) as error:
            load(**file)
        assert "sesam" not in str(error.value)
        assert page != "cp1254" or f'not UTF-8 behind "{name}"' in str(error.value)


def test_that_a_password_on_a_line_that_ran_into_another_is_not_quoted(load: Any) -> None:
    with pytest.raises(SettingsError) as error:
        load(dotenv="IBKR_PORT=4001HAMMER_PASSWORD=sesam\n")
    assert "IBKR_PORT (.env, line 1): '4001HAMMER_PASSWORD'.. is not accepted" in str(error.value)
    assert "sesam" not in str(error.value)
