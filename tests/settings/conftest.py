"""Settings out of a file, a dotenv file, an environment and options."""

from pathlib import Path
from typing import Any

import pytest

from psf_monitor import settings
from psf_monitor.settings import (
    Settings,
)


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def _load(
        toml: str | bytes = "",
        dotenv: str | bytes = "",
        environment: dict[str, str] | None = None,
        options: dict[tuple[str, str], str] | None = None,
    ) -> Settings:
        file, env = tmp_path / "settings.toml", tmp_path / ".env"
        file.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
        env.write_bytes(dotenv if isinstance(dotenv, bytes) else dotenv.encode())
        return settings.load(
            path=file, dotenv=env, environment=environment or {}, options=options, password=lambda: ""
        )

    return _load
