"""Every finding can be run as it stands, and the list of them has each once."""

import os
import re
from pathlib import Path

FINDINGS = Path(__file__).parents[2] / "findings"


def test_that_every_finding_may_be_run_and_is_listed_once() -> None:
    scripts = sorted(FINDINGS.glob("*.sh"))
    assert [each.name for each in scripts if not os.access(each, os.X_OK)] == []
    rows = (FINDINGS / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)
    assert sorted(listed) == [each.stem for each in scripts]
