"""What an installer gets: everything that runs, nothing that only README shows, and no package twice."""

import runpy
import subprocess
import sys
import zipfile
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import psf_monitor
from tests.support.waiting import PROCESS_PATIENCE_S

ROOT = Path(psf_monitor.__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=PROCESS_PATIENCE_S,
    )
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return message_from_bytes(wheel.read(name))


def test_that_of_the_resources_it_has_what_the_window_shows(wheel: zipfile.ZipFile) -> None:
    resources = {name for name in wheel.namelist() if name.startswith("psf_monitor/resources/")}
    assert resources == {"psf_monitor/resources/CHANGELOG.md", "psf_monitor/resources/psf_monitor.png"}


def test_that_it_has_every_module(wheel: zipfile.ZipFile) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "psf_monitor").rglob("*.py")}
    assert modules <= set(wheel.namelist())


def test_that_it_leaves_eventkit_to_ib_insync(metadata: Message) -> None:
    needed = metadata.get_all("Requires-Dist", [])
    assert any(name.startswith("ib-insync") for name in needed)
    assert not any("eventkit" in name for name in needed)


def test_that_a_stranger_finds_it(metadata: Message) -> None:
    assert "interactive brokers" in metadata["Keywords"]
    assert metadata["Provides-Extra"] == "api"


CIPHER = ROOT / ".ci" / "installer" / "aes_by_openssl.py"
BLOCK = st.binary(min_size=16, max_size=16)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux' credential stores ask for a cipher")
@pytest.mark.skipif(not CIPHER.exists(), reason="only the checkout has what makes the bundle")
@given(key=BLOCK, vector=BLOCK, blocks=st.lists(BLOCK, max_size=40))
def test_that_the_bundles_cipher_does_what_cryptographys_does(
    key: bytes, vector: bytes, blocks: list[bytes]
) -> None:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    bundles = runpy.run_path(str(CIPHER))
    theirs = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    cipher = bundles["Cipher"](bundles["AES"](key), bundles["CBC"](vector))
    ours, back = cipher.encryptor(), cipher.decryptor()
    enciphered = [ours.update(block) for block in blocks]
    assert enciphered == [theirs.update(block) for block in blocks]
    assert ours.finalize() == theirs.finalize() == b""
    assert [back.update(block) for block in enciphered] == blocks
