"""The monitor without a window: started, read, and ended by a signal, as its user does it."""

import ast
import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from psf_monitor import settings
from psf_monitor.cli import main as cli
from psf_monitor.cli import serve
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.runtime import api_host as api_host_module
from psf_monitor.runtime import demo
from psf_monitor.runtime.api_host import EXTRA_MISSING, ApiHost
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.settings import ApiSettings, Settings
from tests.cli.wine import needs_a_console
from tests.support.sim_servers import settings_for, standing_still
from tests.support.waiting import PATIENCE_S, PROCESS_PATIENCE_S, line_of, until


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str, Path]]:
    """``psf-monitor serve --demo`` as a process of its own: its address, and where its token is."""
    command = [sys.executable, "-m", "psf_monitor", "serve", "--demo", "--api-port", "0", *arguments]
    flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, creationflags=flags
    ) as process:
        try:
            first, second = line_of(process).split(), line_of(process).split(None, 2)
            assert (first[0], first[2:], second[:2]) == ("serving", ["until", "Ctrl+C"], ["token", "in"])
            yield process, first[1], Path(second[2].strip())
        finally:
            process.kill()


def request(address: str, path: str, token: str, method: str = "GET") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    asked = urllib.request.Request(f"{address}{path}", headers=headers, method=method)
    with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


@needs_a_console
def test_that_it_serves_until_ctrl_c_and_leaves_nothing(tmp_path: Path) -> None:
    with served(tmp_path) as (process, address, token_file):
        token = token_file.read_text().strip()
        assert token_file.parent != tmp_path
        assert request(address, "/health", token)["success"] is True
        connected = request(address, "/api/psfalgo/account/ibkr/status", token)
        assert set(connected) == {"success", "active_account", "IBKR_GUN", "IBKR_PED"}
        process.send_signal(getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT))
        out, err = process.communicate(timeout=PROCESS_PATIENCE_S)
        assert process.returncode == 0, err
    assert "Traceback" not in err
    assert token not in out + err
    # The demo's token and journal are gone with it.
    assert not token_file.parent.exists()


def test_that_the_example_in_readme_prints_the_exposure_of_every_account(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    with served(tmp_path) as (_process, address, token_file):
        command = [sys.executable, "-c", example, address, str(token_file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reader:
            try:
                exposure: dict[str, int] | None = None
                while not exposure or len(exposure) < 2 or not all(exposure.values()):
                    before, exposure = exposure, ast.literal_eval(line_of(reader))
                    assert exposure != before
                assert set(exposure) == {"U1240821", "U1770037"}
            finally:
                reader.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a process to end")
def test_that_a_request_to_terminate_ends_it_with_a_reader_on_the_stream(tmp_path: Path) -> None:
    with served(tmp_path, "--debug") as (process, address, token_file):
        token = token_file.read_text().strip()
        asked = urllib.request.Request(
            f"{address}/api/psfalgo/stream", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as stream:
            assert stream.readline().startswith(b"id: ")
            process.send_signal(signal.SIGTERM)
            _out, err = process.communicate(timeout=PROCESS_PATIENCE_S)
        assert process.returncode == 0, err
        assert "Traceback" not in err
        assert token not in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no open files")
def test_that_1_100_idle_lines_without_the_token_stop_nothing(tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] < 2000:
        pytest.skip("this user may not open so many files")
    # As on a trader's Linux: 1,024 files a process.
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, before[1]))
    try:
        with served(tmp_path) as (process, address, token_file), ExitStack() as lines:
            resource.setrlimit(resource.RLIMIT_NOFILE, (2000, before[1]))
            token = token_file.read_text().strip()
            port = int(address.rpartition(":")[2])
            place = ("127.0.0.1", port)
            # A full backlog makes the kernel try again after a second: many do so at the same time.
            with ThreadPoolExecutor(32) as pool:
                opening = [pool.submit(socket.create_connection, place, PATIENCE_S) for _ in range(1100)]
            for line in opening:
                lines.enter_context(line.result())
            assert request(address, "/health", token)["success"] is True
            open_files = (
                len(list(Path(f"/proc/{process.pid}/fd").iterdir())) if sys.platform == "linux" else 0
            )
            assert open_files < 200
            request(address, "/api/psfalgo/account/ibkr/connect?account_type=IBKR_GUN", token, method="POST")
            states = [link["state"] for link in request(address, "/health", token)["links"].values()]
            assert "failed" not in states
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_that_a_port_in_use_gives_one_sentence_and_exit_code_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "psf_monitor", "serve", "--demo", "--api-port", str(port)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=PROCESS_PATIENCE_S,
        )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        f"psf-monitor: The local API did not start. Port {port} of 127.0.0.1 cannot be opened"
    )
    assert done.stderr.count("\n") == 1


async def test_that_hammer_is_asked_again_until_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monitors: list[Monitor] = []

    class Noted(Monitor):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            monitors.append(self)

    monkeypatch.setattr(serve, "Monitor", Noted)
    async with standing_still() as gateways:
        reached, port = settings_for(gateways), gateways.hammer.port
        await gateways.hammer.stop()
        options = serve.ServeOptions(
            reached,
            ApiSettings(enabled=True, port=0),
            demo.Files(None, tmp_path / "api-token"),
            hammer_again_s=0.05,
        )
        serving = asyncio.create_task(serve.serve(options))
        await until(lambda: monitors)
        link = monitors[0].links[AccountMode.HAMMER_PRO]
        await until(lambda: link.status.state is LinkState.FAILED)
        await gateways.hammer.start(port)
        await until(lambda: link.status.state is LinkState.READY)
        signal.raise_signal(signal.SIGINT)
        assert await serving == serve.STOPPED
        await until(lambda: gateways.gun.connections == gateways.ped.connections == 0)
    assert "serving http://127.0.0.1:" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def _without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_host_module, "has_extra", lambda: False)


@pytest.mark.usefixtures("_without_the_extra")
@pytest.mark.parametrize("arguments", [["serve"], ["serve", "--demo"], ["--api"], ["--demo", "--api"]])
def test_that_without_the_extra_it_names_what_to_install(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    assert "uv sync --extra api" in capsys.readouterr().err


@pytest.mark.usefixtures("_without_the_extra")
async def test_that_a_window_works_without_the_extra_and_reports_it(tmp_path: Path) -> None:
    async with standing_still() as gateways:
        monitor = Monitor(settings_for(gateways))
        reported: list[Problem] = []
        wanted = ApiSettings(enabled=True, port=0)
        api_host = ApiHost(monitor, wanted, tmp_path / "api-token", report=reported.append)
        await api_host.run()
        assert reported == [EXTRA_MISSING]
        assert api_host.opened.is_set()
        assert (api_host.address, api_host.token(), api_host.problem) == (None, None, EXTRA_MISSING)


async def test_that_an_api_that_is_not_wanted_listens_nowhere(tmp_path: Path) -> None:
    async with standing_still() as gateways:
        monitor = Monitor(settings_for(gateways))
        api_host = ApiHost(monitor, ApiSettings(), tmp_path / "api-token", report=print)
        await api_host.run()
        assert api_host.opened.is_set()
        assert (api_host.is_wanted, api_host.address, api_host.problem) == (False, None, None)
        assert not (tmp_path / "api-token").exists()


def test_that_serve_is_always_asked_for_and_the_window_only_by_its_option(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "stored_password", str)
    asked: list[serve.ServeOptions] = []

    def note(options: serve.ServeOptions) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr(serve, "serve_until_stopped", note)
    assert cli.main(["serve", "--api-port", "9000", "--api-host", "localhost"]) == 0
    assert asked[0].api == ApiSettings(enabled=True, host="127.0.0.1", port=9000)
    assert isinstance(asked[0].settings, Settings)
    assert asked[0].files is not None
    assert cli.main(["--demo", "--seed", "9", "serve"]) == 0
    assert (asked[1].settings, asked[1].files, asked[1].seed) == (None, None, 9)
    assert cli.main(["serve", "--demo", "--scenario", "hammer-lost"]) == 0
    assert asked[2].scenario == "hammer-lost"
