"""Every call of PSFALGO's client is answered with what it reads."""

from pathlib import Path

import pytest

from tests.api.client import over_servers
from tests.api.psfalgo_calls import STORIES, answers
from tests.conftest import ExpectedErrors
from tests.support.sim_servers import standing_still


@pytest.mark.parametrize("story", STORIES)
async def test_that_psfalgos_calls_are_answered(
    story: str, tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.client")
    async with standing_still() as gateways, over_servers(gateways, tmp_path) as api:
        made = await answers(api, STORIES[story])
    wrong = [call.line(answer) for call, answer in made if not call.is_as_expected(answer)]
    assert wrong == []
