"""What SecretStorage asks of cryptography, AES in CBC mode, through the OpenSSL that Python's ssl brings.

cryptography brings an OpenSSL of its own, 11 MB for this alone. PyInstaller runs this before the program;
nothing is loaded until a password is read or written. Each name is cryptography's own, and so is what it
takes and returns. As a program it ends with 0 if this Python's OpenSSL can be reached in this way and
enciphers as NIST says.
"""

import ctypes
import functools
import sys
from types import ModuleType
from typing import Any

BLOCK_SIZE = 16
ENCRYPT, DECRYPT = 1, 0
POINTER, BYTES, INTEGER = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
FUNCTIONS = {
    "EVP_aes_128_cbc": (POINTER, []),
    "EVP_CIPHER_CTX_new": (POINTER, []),
    "EVP_CIPHER_CTX_free": (None, [POINTER]),
    "EVP_CIPHER_CTX_set_padding": (INTEGER, [POINTER, INTEGER]),
    "EVP_CipherInit_ex": (INTEGER, [POINTER, POINTER, POINTER, BYTES, BYTES, INTEGER]),
    "EVP_CipherUpdate": (INTEGER, [POINTER, BYTES, ctypes.POINTER(INTEGER), BYTES, INTEGER]),
}


@functools.cache
def _openssl() -> ctypes.CDLL:
    """The library that _ssl is linked to: its names are found through _ssl itself, wherever it lies."""
    import _ssl

    library = ctypes.CDLL(getattr(_ssl, "__file__", None))
    for name, (result, arguments) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


class AES:
    """A key of 128 bits."""

    def __init__(self, key: bytes) -> None:
        if len(key) != BLOCK_SIZE:
            raise ValueError(f"a key of {BLOCK_SIZE} bytes is wanted, not of {len(key)}")
        self.key = key


class CBC:
    """Cipher block chaining from an initialization vector of one block."""

    def __init__(self, initialization_vector: bytes) -> None:
        if len(initialization_vector) != BLOCK_SIZE:
            raise ValueError(f"a vector of {BLOCK_SIZE} bytes is wanted, not of {len(initialization_vector)}")
        self.initialization_vector = initialization_vector


class _Context:
    """One direction of a cipher, without padding."""

    def __init__(self, key: bytes, vector: bytes, direction: int) -> None:
        self._openssl = _openssl()
        self._context = self._openssl.EVP_CIPHER_CTX_new()
        aes = self._openssl.EVP_aes_128_cbc()
        if not self._openssl.EVP_CipherInit_ex(self._context, aes, None, key, vector, direction):
            raise RuntimeError("OpenSSL offers no AES")
        self._openssl.EVP_CIPHER_CTX_set_padding(self._context, 0)
        self._length = 0

    def __del__(self) -> None:
        self._openssl.EVP_CIPHER_CTX_free(self._context)

    def update(self, data: bytes) -> bytes:
        target, written = ctypes.create_string_buffer(len(data) + BLOCK_SIZE), INTEGER()
        if not self._openssl.EVP_CipherUpdate(self._context, target, written, data, len(data)):
            raise RuntimeError("OpenSSL did not take the data")
        self._length += len(data)
        return target.raw[: written.value]

    def finalize(self) -> bytes:
        if self._length % BLOCK_SIZE:
            raise ValueError("the data end within a block")
        return b""


class Cipher:
    """An algorithm in a mode, as cryptography's; only AES in CBC mode."""

    def __init__(self, algorithm: AES, mode: CBC, _backend: object = None) -> None:
        self._key, self._vector = algorithm.key, mode.initialization_vector

    def encryptor(self) -> _Context:
        return _Context(self._key, self._vector, ENCRYPT)

    def decryptor(self) -> _Context:
        return _Context(self._key, self._vector, DECRYPT)


def default_backend() -> None:
    return None


def _module(name: str, **content: Any) -> ModuleType:
    module = sys.modules[name] = ModuleType(name)
    vars(module).update(content)
    return module


def install() -> None:
    """Put the names where SecretStorage imports them from."""
    for name in ("cryptography", "cryptography.hazmat", "cryptography.hazmat.primitives"):
        _module(name, __path__=[])
    _module("cryptography.hazmat.backends", default_backend=default_backend)
    ciphers = "cryptography.hazmat.primitives.ciphers"
    algorithms = _module(f"{ciphers}.algorithms", AES=AES)
    modes = _module(f"{ciphers}.modes", CBC=CBC)
    _module(ciphers, Cipher=Cipher, algorithms=algorithms, modes=modes)


def check() -> None:
    """The first block of NIST SP 800-38A, F.2.1. Raises what keeps it from being right."""
    key, vector = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"), bytes(range(BLOCK_SIZE))
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    enciphered = Cipher(AES(key), CBC(vector)).encryptor().update(plain)
    if enciphered.hex() != "7649abac8119b246cee98e9b12e9197d":
        raise RuntimeError("it does not encipher as AES does")


if getattr(sys, "frozen", False):
    install()
elif __name__ == "__main__":
    check()
