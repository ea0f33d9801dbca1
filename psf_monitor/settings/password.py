"""The HAMMER password in the system's credential store.

Stores raise arbitrary errors: besides keyring's own ones, Windows' store raises pywintypes.error, for example
1312 in scheduled tasks, services and SSH, where there is no logon session.
"""

import logging

from psf_monitor.settings import credential_store
from psf_monitor.settings.errors import SettingsError

_log = logging.getLogger(__name__)

_NO_LOGON_SESSION = 1312


def stored_password() -> str:
    """Return the password; empty if there is none, no store, or a store that fails, which is logged."""
    try:
        password = credential_store.read()
    except Exception as error:  # noqa: BLE001 - of any kind, and it says why in its own words
        _log.warning(
            "the credential store did not give the HAMMER password: %s; it may be given as HAMMER_PASSWORD",
            _reason(error),
        )
        return ""
    if password is None:
        _log.info("this computer has no credential store; the password may be given as HAMMER_PASSWORD")
    return password or ""


def store_password(password: str) -> None:
    """Store the password, or delete an empty one. Raises ``SettingsError`` if there is no store or it
    fails.
    """
    try:
        is_stored = credential_store.write(password)
    except Exception as error:
        raise SettingsError(
            f"The credential store did not take the password: {_reason(error)}; "
            "give it as HAMMER_PASSWORD instead."
        ) from error
    if not is_stored:
        raise SettingsError(
            "This computer has no credential store; give the password as HAMMER_PASSWORD instead."
        )


def _reason(error: Exception) -> str:
    """Return the store's own message with its number, without a full stop and without the password."""
    number = getattr(error, "winerror", None)
    text = str(getattr(error, "strerror", None) or error or type(error).__name__).strip().rstrip(".")
    if number is None:
        return text
    hint = ", as in scheduled tasks, services and SSH" if number == _NO_LOGON_SESSION else ""
    return f"{text} ({number}){hint}"
