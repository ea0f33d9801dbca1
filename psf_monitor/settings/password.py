"""The HAMMER password in the system's credential store: asked for, kept, and what is said when it refuses.

The stores raise what they like: besides keyring's own errors, Windows' raises pywintypes.error, as it does
with 1312 in scheduled tasks, services and SSH, where there is no logon session.
"""

import logging

from psf_monitor.settings import credential_store
from psf_monitor.settings.errors import SettingsError

_log = logging.getLogger(__name__)

_NO_LOGON_SESSION = 1312


def stored_password() -> str:
    """Return the password; empty where there is none, no store, or one that refuses, which is logged."""
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
    """Keep the password; an empty one is deleted. ``SettingsError`` when there is no store or it refuses."""
    try:
        is_kept = credential_store.write(password)
    except Exception as error:
        raise SettingsError(
            f"The credential store did not take the password: {_reason(error)}; "
            "give it as HAMMER_PASSWORD instead."
        ) from error
    if not is_kept:
        raise SettingsError(
            "This computer has no credential store; give the password as HAMMER_PASSWORD instead."
        )


def _reason(error: Exception) -> str:
    """The store's own message with its number, without a full stop; never what was to be kept."""
    number = getattr(error, "winerror", None)
    text = str(getattr(error, "strerror", None) or error or type(error).__name__).strip().rstrip(".")
    if number is None:
        return text
    hint = ", as in scheduled tasks, services and SSH" if number == _NO_LOGON_SESSION else ""
    return f"{text} ({number}){hint}"
