"""The system's credential store, through keyring."""

import keyring
from keyring.errors import NoKeyringError

_APP = "psf_monitor"
_NAME = "HAMMER password"


def read() -> str | None:
    """Return the HAMMER password, empty if none is stored; ``None`` if there is no store.

    Raises whatever the store raises.
    """
    try:
        return keyring.get_password(_APP, _NAME) or ""
    except NoKeyringError:
        return None


def write(password: str) -> bool:
    """Store the password, or delete an empty one; return whether a store has it then.

    keyring's null backend accepts everything and stores nothing. Raises whatever the store raises.
    """
    try:
        if password:
            keyring.set_password(_APP, _NAME, password)
            return keyring.get_password(_APP, _NAME) == password
        if keyring.get_password(_APP, _NAME) is not None:
            keyring.delete_password(_APP, _NAME)
    except NoKeyringError:
        return False
    return True
