"""``python -m psf_monitor.sim``: both TWS gateways and HAMMER on loopback ports, until stopped."""

import argparse
import asyncio
import json
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.errors import RecordingError
from psf_monitor.sim.demo import Gateways, TwsOptions
from psf_monitor.sim.market.records import SESSION_START
from psf_monitor.sim.market.scenarios import SCENARIOS
from psf_monitor.sim.serve_recording import serve_recording
from psf_monitor.sim.tws.server import VERSIONS


def _now() -> datetime:
    return datetime.now(UTC)


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; 0 (a free one) to 65535 is accepted")
    return int(text)


def _whole_number(text: str) -> int:
    if not re.fullmatch("-?[0-9]{1,18}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of up to 18 digits")
    return int(text)


def _version(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) not in VERSIONS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a TWS API version; {VERSIONS[0]} to {VERSIONS[-1]} is accepted"
        )
    return int(text)


def _day(text: str) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; 2026-09-18 is written so") from None
    return datetime.combine(day, SESSION_START.timetz())


class _Parser(argparse.ArgumentParser):
    """Reports an error in one sentence, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Print the error and exit with 2."""
        self.exit(2, f"{self.prog}: {message}. {self.prog} --help lists what there is.\n")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of the command line; exit with an error if they are wrong."""
    parser = _Parser(
        prog="python -m psf_monitor.sim",
        allow_abbrev=False,
        description="Both TWS gateways and HAMMER on loopback ports, until stopped.",
    )
    parser.add_argument("--tws-port", type=_port, default=0, metavar="N", help="port of IBKR_GUN's TWS")
    parser.add_argument("--ped-port", type=_port, default=0, metavar="N", help="port of IBKR_PED's TWS")
    parser.add_argument("--hammer-port", type=_port, default=0, metavar="N", help="port of HAMMER")
    parser.add_argument(
        "--max-version", type=_version, default=176, metavar="V", help="highest TWS API version spoken (176)"
    )
    parser.add_argument(
        "--scenario", choices=sorted(SCENARIOS), default="normal", help="what happens in the market (normal)"
    )
    parser.add_argument(
        "--seed", type=_whole_number, default=7, metavar="N", help="same seed, same market (7)"
    )
    parser.add_argument(
        "--day",
        type=_day,
        metavar="YYYY-MM-DD",
        help="the market is of this day, from 14:26 in New York; without it, now",
    )
    parser.add_argument(
        "--replay", type=Path, metavar="FILE", help="the far sides of this recording instead of a market"
    )
    options = parser.parse_args(arguments)
    for name in ("day", "scenario", "seed", "max_version"):
        if options.replay is not None and getattr(options, name) != parser.get_default(name):
            parser.error(
                f"--{name.replace('_', '-')} does not go with --replay, whose far sides are recorded"
            )
    return options


async def _serve(options: argparse.Namespace) -> None:
    gateways = Gateways(
        options.scenario,
        seed=options.seed,
        start=options.day or SESSION_START,
        clock=None if options.day else _now,
        tws=TwsOptions(options.max_version),
    )
    await gateways.start(
        gun_port=options.tws_port, ped_port=options.ped_port, hammer_port=options.hammer_port
    )
    try:
        ports = {
            "tws_port": gateways.gun.port,
            "ped_port": gateways.ped.port,
            "hammer_port": gateways.hammer.port,
            "hammer_password": gateways.hammer.password,
        }
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
    finally:
        await gateways.stop()


async def _replay(options: argparse.Namespace) -> None:
    ports = {
        AccountMode.IBKR_GUN: options.tws_port,
        AccountMode.IBKR_PED: options.ped_port,
        AccountMode.HAMMER_PRO: options.hammer_port,
    }
    await serve_recording(options.replay, ports)


def main(arguments: list[str] | None = None) -> int:
    """Run until interrupted. Return 1 if a port is taken."""
    options = parse(arguments)
    try:
        asyncio.run(_serve(options) if options.replay is None else _replay(options))
    except RecordingError as error:
        sys.stderr.write(f"psf_monitor.sim: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        sys.stderr.write(f"psf_monitor.sim: a port cannot be opened: {error.strerror or error}.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
