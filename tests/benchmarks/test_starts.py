"""Each benchmark starts and finds figures, with numbers too small to mean anything."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtWidgets import QApplication

from tests.benchmarks import servers
from tests.benchmarks.__main__ import BENCHMARKS, picture
from tests.benchmarks.cases.wire import in_qt
from tests.benchmarks.peers import Tick
from tests.benchmarks.plan import TINY, Figure, Measured
from tests.benchmarks.product import Product, connected, opened
from tests.benchmarks.reports import baseline, report
from tests.conftest import ExpectedErrors


@pytest.mark.parametrize("name", BENCHMARKS)
def test_that_a_benchmark_finds_figures(
    name: str, qapp: QApplication, expected_errors: ExpectedErrors
) -> None:
    assert qapp is not None
    # ib_insync logs a line that is dropped as an error of its own.
    expected_errors.allow("ib_insync.client")
    found = BENCHMARKS[name](TINY)
    assert all(figure.benchmark == name for figure in found.figures)
    assert "psf_monitor" in {figure.contender for figure in found.figures} or name in {"memory", "leaks"}
    assert found.notes
    # As text: with so little to measure, some figure may be none at all.
    written = report.as_json(found)
    assert report.as_json(report.from_json(written)) == written


def test_that_the_products_table_shows_the_prices_that_it_is_fed(qapp: QApplication) -> None:
    assert qapp is not None
    product = Product(3)
    product.widget.show()
    product.take(product.prepared([Tick(number, 20.0 + number, 20.5, 20.2) for number in range(3)]))
    product.end_turn()
    product.window.show_now()
    assert sorted(product.shown()) == [(0, 20.0), (1, 21.0), (2, 22.0)]
    product.close()


def test_that_the_window_of_a_normal_day_has_no_banner(qapp: QApplication) -> None:
    assert qapp is not None
    shown: list[str] = []

    async def story(remote: servers.Remote) -> None:
        async with opened(remote.ports) as (monitor, window):
            await connected(monitor)
            window.show_now()
            shown.extend(banner.title.text for banner in window.banners.banners)
        await remote.leave()

    with servers.started(3, 3, 0) as remote:
        in_qt(lambda: story(remote))
    assert shown == []


def test_that_the_table_lines_up_and_names_what_was_missed() -> None:
    found = Measured([Figure("tables", "500 rows", "psf_monitor", "updates/s", 1_234_567.8, "updates/s")])
    found.judge("stall", "under 16 ms", 17.0, "ms", most=16.0)
    text = report.as_text(found)
    assert "1,234,568" in text
    assert "MISSED" in text


def test_that_the_picture_is_well_formed_and_has_the_figures(tmp_path: Path) -> None:
    case = ("tables", "500 rows, flat out")
    found = Measured(
        [
            Figure(*case, "psf_monitor", "updates/s", 1_300_000.0, "updates/s"),
            Figure(*case, "vnpy & others", "updates/s", 2_500.0, "updates/s"),
        ]
    )
    drawn = tmp_path / "chart.svg"
    drawn.write_text(picture(found), encoding="utf-8")
    text = "".join(ElementTree.parse(drawn).getroot().itertext())
    assert "1,300,000" in text
    assert "vnpy & others" in text


def _found(mb: float) -> Measured:
    return Measured(
        [
            Figure("memory", "after start", "psf_monitor", "MB", mb, "MB"),
            Figure("start", "to the first painting", "bare PySide6 window", "seconds", 0.1, "s"),
        ]
    )


def test_that_rounds_are_reported_by_their_median() -> None:
    rounds = [_found(mb) for mb in (90.0, 300.0, 80.0)]
    assert baseline.medians(rounds).value("after start", "psf_monitor", "MB") == 90.0


def test_that_the_baseline_is_shown_beside_the_product_and_each_aim_is_judged() -> None:
    reported = baseline.beside(_found(90.0), _found(120.0), "v1")
    assert [figure.contender for figure in reported.figures] == [
        "psf_monitor",
        "psf_monitor v1",
        "bare PySide6 window",
    ]
    (verdict,) = reported.verdicts
    assert verdict.measured == "0.75 times (90 against 120)"
    assert not verdict.is_met
    row = "| memory, after start, MB | 0.7 times | 90 | 120 | 0.75 times: missed |"
    assert baseline.as_markdown(reported, "0.2.0", "v1").splitlines()[2:] == [row]


def test_that_the_table_has_every_target_once_and_what_came_of_it() -> None:
    found = _found(90.0)
    found.judge("stall", "under 16 ms", 17.0, "ms", most=16.0)
    assert baseline.as_markdown(found, "0.2.0").splitlines() == [
        "| what | target | 0.2.0 | |",
        "| --- | --- | --- | --- |",
        "| stall | under 16 ms | 17 ms | missed |",
    ]
    beside = baseline.as_markdown(baseline.beside(found, _found(120.0), "v1"), "0.2.0", "v1")
    assert beside.splitlines() == [
        "| what | target | 0.2.0 | v1 | |",
        "| --- | --- | --- | --- | --- |",
        "| stall | under 16 ms | 17 ms | | missed |",
        "| memory, after start, MB | 0.7 times | 90 | 120 | 0.75 times: missed |",
    ]


def test_that_an_unknown_baseline_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(baseline.BaselineError, match="no-such-revision"):
        baseline.build("no-such-revision", tmp_path)
