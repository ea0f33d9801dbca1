"""The HAMMER password in the system's credential store: asked for, kept, and what is said when it refuses.

The stores raise what they like: besides keyring's own errors, Windows' raises pywintypes.error, as it does
with 1312 in scheduled tasks, services and SSH, where there is no logon session.
"""

import logging

from psf_monitor.settings.readers import SettingsError

_log = logging.getLogger(__name__)

_APP = "psf_monitor"
_NAME = "HAMMER password"
_NO_LOGON_SESSION = 1312


def stored_password() -> str:
    """Return the password; empty where there is none, no store, or one that refuses, which is logged."""
    try:
        return _read()
    except _NoStore:
        _log.info("this computer has no credential store; the password may be given as HAMMER_PASSWORD")
    except Exception as error:  # noqa: BLE001 - of any kind, and it says why in its own words
        _log.warning(
            "the credential store did not give the HAMMER password: %s; it may be given as HAMMER_PASSWORD",
            _reason(error),
        )
    return ""


def store_password(password: str) -> None:
    """Keep the password; an empty one is deleted. ``SettingsError`` when there is no store or it refuses."""
    try:
        _write(password)
    except _NoStore:
        raise SettingsError(
            "this computer has no credential store; give the password as HAMMER_PASSWORD instead."
        ) from None
    except Exception as error:
        raise SettingsError(
            f"the credential store did not take the password: {_reason(error)}; "
            "give it as HAMMER_PASSWORD instead."
        ) from error


class _NoStore(Exception):  # noqa: N818
    """There is none on this computer."""


def _read() -> str:
    # Loaded when it is asked: it takes long, and the window is on the screen before.
    import keyring
    from keyring.errors import NoKeyringError

    try:
        return keyring.get_password(_APP, _NAME) or ""
    except NoKeyringError:
        raise _NoStore from None


def _write(password: str) -> None:
    import keyring
    from keyring.errors import NoKeyringError

    try:
        if password:
            keyring.set_password(_APP, _NAME, password)
        elif keyring.get_password(_APP, _NAME) is not None:
            keyring.delete_password(_APP, _NAME)
    except NoKeyringError:
        raise _NoStore from None


def _reason(error: Exception) -> str:
    """The store's own words with its number, without a full stop; never what was to be kept."""
    number = getattr(error, "winerror", None)
    text = str(getattr(error, "strerror", None) or error or type(error).__name__).strip().rstrip(".")
    if number is None:
        return text
    hint = ", as in scheduled tasks, services and SSH" if number == _NO_LOGON_SESSION else ""
    return f"{text} ({number}){hint}"
