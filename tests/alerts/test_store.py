"""The file of the alerts: damaged, with a fault in it, and on a disk that takes nothing."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.alerts.store import AlertStore
from tests.alerts.watched_book import CIM, PRICE, WatchedBook
from tests.conftest import ExpectedErrors

DAMAGES = [
    b"",
    b"{",
    b'{"schema": 9}',
    b'{"alerts": [{"alert_id": "x"}]}',
    b'{"alerts": [{"alert_id": 1, "kind": "\xff"}]}',
    b'{"a": ' + b"[" * 100_000,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=range(len(DAMAGES)))
def test_that_a_damaged_file_is_set_aside_and_reported(
    tmp_path: Path, damage: bytes, expected_errors: Callable[..., Any]
) -> None:
    path = tmp_path / "alerts.json"
    path.write_bytes(damage)
    kept, problem = AlertStore(path).load()
    assert kept is None
    assert "set aside as alerts.json.bad" in problem
    assert path.with_name("alerts.json.bad").read_bytes() == damage
    assert expected_errors is not None
    # The next one that is damaged takes another name: nothing is written over.
    path.write_bytes(b"[")
    assert "set aside as alerts.json.bad-2" in AlertStore(path).load()[1]
    assert path.with_name("alerts.json.bad").read_bytes() == damage


def kept_alert(number: int = 1, **more: Any) -> dict[str, Any]:
    fields = {"kind": "price", "symbol": CIM, "what": "last", "direction": "up", "figure": 24.5}
    return {"alert_id": number, **fields, **more}


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"figure": None}, "Alert 2, price CIM PRB: Give a figure."),
        ({"figure": 1e30}, "Alert 2, price CIM PRB: The figure is 1e+30; it is to be below 1,000,000,000."),
        ({"what": "mid"}, "Alert 2, price CIM PRB: Choose one of bid, ask, last."),
        ({"symbol": " "}, "Alert 2, price: Name the share."),
        ({"kind": "P&L", "what": "day", "figure": None}, "Alert 2, P&L CIM PRB: Give a figure."),
        ({"alert_id": 1}, "Alert 1, price CIM PRB has the number of another: it is 2 now."),
    ],
)
def test_that_one_alert_of_the_file_that_cannot_be_used_is_named_and_the_others_are_watched(
    tmp_path: Path, wrong: dict[str, Any], text: str, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.alerts.store")
    path = tmp_path / "alerts.json"
    whole = json.dumps({"alerts": [kept_alert(symbol="cim  prb"), kept_alert(2, **wrong)]})
    path.write_text(whole, encoding="utf-8")
    watched = WatchedBook(path, is_empty=False)
    assert watched.alerts.problem.endswith(text)
    assert "kept as alerts.json.bad" in watched.alerts.problem
    assert path.with_name("alerts.json.bad").read_text(encoding="utf-8") == whole
    assert [alert.symbol for alert in watched.alerts.alerts] == [CIM] * (2 if "number" in text else 1)
    for last in (24.4, 24.6):
        watched.price(last)
        watched.alerts.check()
    assert set(watched.texts) == {"CIM PRB last crossed 24.50 upward, seen 24.60"}
    kept, problem = AlertStore(path).load()
    assert kept is not None
    assert (list(kept.alerts), problem) == (watched.alerts.alerts, "")


def test_that_a_file_with_a_fault_that_cannot_be_set_aside_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.alerts.store")
    path = tmp_path / "alerts.json"
    whole = json.dumps({"alerts": [kept_alert(), kept_alert(2, figure=None)]})
    path.write_text(whole, encoding="utf-8")

    def held(_path: Path) -> Path:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("psf_monitor.files.set_aside", held)
    watched = WatchedBook(path, is_empty=False)
    assert [alert.alert_id for alert in watched.alerts.alerts] == [1]
    assert "cannot be set aside" in watched.alerts.problem
    assert "What you change is not kept. Alert 2, price CIM PRB: Give a figure." in watched.alerts.problem
    watched.alerts.add(PRICE)
    watched.alerts.save()
    assert path.read_text(encoding="utf-8") == whole


def test_that_one_more_window_leaves_the_file_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "alerts.json"
    path.write_text(json.dumps({"alerts": [kept_alert(figure=None)]}), encoding="utf-8")
    kept, problem = AlertStore(path, is_saved=False).load()
    assert (kept and kept.alerts, problem.endswith("price CIM PRB: Give a figure.")) == ((), True)
    assert [each.name for each in tmp_path.iterdir()] == ["alerts.json"]


def test_that_alerts_which_are_not_kept_are_reported_until_they_are(
    watched: WatchedBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.alerts.store")
    watched.path = tmp_path / "alerts.json"
    watched.start()
    with monkeypatch.context() as full:

        def no_room(*_arguments: object, **_how: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr("psf_monitor.files.write_atomic", no_room)
        watched.alerts.add(PRICE)
        watched.alerts.check()
        why = "No space left on device: make room on that disk."
        assert watched.alerts.problem == f"The alerts (alerts.json) are not kept: {why}"
    watched.alerts.check()
    assert watched.alerts.problem == ""
    assert watched.path.exists()
