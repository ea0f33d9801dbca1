"""The password of HAMMER, out of the system's store or the environment."""

from pathlib import Path

import keyring
import pytest
from keyring.backends import null
from keyring.errors import KeyringLocked, NoKeyringError

from psf_monitor import settings
from psf_monitor.settings import (
    Settings,
    SettingsError,
)


class Store:
    """A credential store in memory; with ``fault`` it fails as real ones do."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.fault: Exception | None = None

    def get(self, service: str, name: str) -> str | None:
        if self.fault is not None:
            raise self.fault
        return self.kept.get((service, name))

    def set(self, service: str, name: str, password: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.kept[service, name] = password

    def delete(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    mine = Store()
    monkeypatch.setattr(keyring, "get_password", mine.get)
    monkeypatch.setattr(keyring, "set_password", mine.set)
    monkeypatch.setattr(keyring, "delete_password", mine.delete)
    return mine


class PyWinError(Exception):
    """As pywin32's own: no kind of OSError, none of keyring's."""

    def __init__(self, winerror: int, funcname: str, strerror: str) -> None:
        super().__init__(winerror, funcname, strerror)
        self.winerror, self.funcname, self.strerror = winerror, funcname, strerror


def _refusal(number: int) -> Exception:
    texts = {1312: "A specified logon session does not exist.", 5: "Access is denied."}
    return PyWinError(number, "CredRead", texts[number])


def load_with_store(tmp_path: Path, environment: dict[str, str] | None = None) -> Settings:
    none = tmp_path / "none"
    return settings.load(path=none, dotenv=none, environment=environment or {})


def test_that_the_password_is_read_from_the_credential_store(store: Store, tmp_path: Path) -> None:
    settings.store_password("s3cret")
    assert list(store.kept.values()) == ["s3cret"]
    assert load_with_store(tmp_path).hammer.password == "s3cret"
    assert "s3cret" not in repr(load_with_store(tmp_path))
    settings.store_password("")
    assert store.kept == {}
    settings.store_password("")
    assert load_with_store(tmp_path).hammer.password == ""


def test_that_the_environment_wins_and_the_store_is_not_even_asked(store: Store, tmp_path: Path) -> None:
    store.fault = ZeroDivisionError()
    assert load_with_store(tmp_path, {"HAMMER_PASSWORD": "given"}).hammer.password == "given"
    assert load_with_store(tmp_path, {"HAMMER_PASSWORD": ""}).hammer.password == ""


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (NoKeyringError("no backend"), "^This computer has no credential store"),
        (KeyringLocked("locked"), "^The credential store did not take the password: locked; give it as"),
        (
            _refusal(1312),
            r"password: A specified logon session does not exist \(1312\), as in scheduled tasks",
        ),
        (_refusal(5), r"password: Access is denied \(5\)"),
        (RuntimeError("the backend broke"), "password: the backend broke; give it as HAMMER_PASSWORD"),
    ],
)
def test_that_a_store_that_fails_is_a_clear_message_and_no_crash(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, fault: Exception, message: str
) -> None:
    caplog.set_level("DEBUG")
    store.fault = fault
    assert load_with_store(tmp_path).hammer.password == ""
    assert "credential store" in caplog.messages[-1]
    with pytest.raises(SettingsError, match=message):
        settings.store_password("s3cret")
    assert "s3cret" not in caplog.text


def test_that_a_store_that_keeps_nothing_is_refused() -> None:
    """keyring's null backend, which PYTHON_KEYRING_BACKEND or its configuration may name."""
    backend = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(SettingsError, match=r"^This computer has no credential store"):
            settings.store_password("s3cret")
    finally:
        keyring.set_keyring(backend)
