"""The servers of a recording alone, for any client of TWS or HAMMER, at the recorded pace."""

import asyncio
import json
import sys
from pathlib import Path

from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.reader import Reader
from psf_monitor.replay.player import Player
from psf_monitor.replay.timeline import read_timeline
from psf_monitor.replay.tws import WAITS_S

_STEP_S = 0.005


async def serve_recording(path: Path, ports: dict[AccountMode, int], speed: float = 1.0) -> None:
    """Serve until the recording is over. Raises ``RecordingError``, and ``OSError`` if a port is taken.

    Its time begins with the first client.
    """
    player = Player(read_timeline(Reader(path)))
    try:
        await player.start(ports)
        printed = {"tws_port": AccountMode.IBKR_GUN, "ped_port": AccountMode.IBKR_PED}
        printed["hammer_port"] = AccountMode.HAMMER_PRO
        sys.stdout.write(
            json.dumps({name: player.sides[m].server.port for name, m in printed.items()}) + "\n"
        )
        sys.stdout.flush()
        while not any(side.server.is_connected for side in player.sides.values()):
            player.advance(player.clock.now_s)
            await asyncio.sleep(_STEP_S)
        clock = asyncio.get_running_loop().time
        before_s = clock()
        ends_s = None
        while not player.is_over or (player.has_more and (ends_s is None or before_s < ends_s)):
            await asyncio.sleep(_STEP_S)
            now_s = clock()
            if not player.is_behind:
                player.advance(player.clock.now_s + (now_s - before_s) * speed)
            before_s = now_s
            if player.is_over and ends_s is None:
                ends_s = now_s + WAITS_S
    finally:
        await player.stop()
    for request, count in player.missing.items():
        sys.stderr.write(f"psf_monitor.sim: the recording does not answer {request} ({count})\n")
