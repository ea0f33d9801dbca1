"""The system's credential store, as keyring reaches it."""

import keyring
from keyring.errors import NoKeyringError

_APP = "psf_monitor"
_NAME = "HAMMER password"


def read() -> str | None:
    """Return the HAMMER password, empty where none is kept; ``None``: there is no store.

    Raises what the store raises, which may be anything.
    """
    try:
        return keyring.get_password(_APP, _NAME) or ""
    except NoKeyringError:
        return None


def write(password: str) -> bool:
    """Keep the password, delete an empty one; whether there is a store that has it then.

    keyring's null backend takes everything and keeps nothing. Raises what the store raises.
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
