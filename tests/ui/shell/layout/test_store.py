"""The window is restored as it was left, and an unreadable file is reported and set aside."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, QSize, Qt

from psf_monitor.ui.base.view_options import DoubleClick
from psf_monitor.ui.orders.columns import ORDERS
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.shell.layout.screens import FRAME, beside, on_a_screen
from psf_monitor.ui.shell.layout.store import SCHEMA, LayoutStore, WindowLayout
from psf_monitor.ui.style.theme import Scheme
from psf_monitor.ui.symbol.window import HISTORY
from psf_monitor.ui.table.saved_layout import ColumnLayout
from tests.files.test_files import Holder
from tests.ui.window import WindowUnderTest, fill

pytestmark = pytest.mark.unseen

Opener = Callable[..., WindowUnderTest]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "ui.json"


@pytest.fixture
def open_again(open_window: Opener, path: Path) -> Opener:
    """Opens a window on the same file, at the size it was left at."""

    def opened(**options: object) -> WindowUnderTest:
        return open_window(size=None, theme=None, store=LayoutStore(path), **options)

    return opened


def shown(ui: WindowUnderTest) -> list[str]:
    arrangement = ui.window.positions.view.header.arrangement
    return [arrangement.columns[section].key for section in arrangement.shown]


def test_that_everything_the_trader_arranged_comes_back(open_again: Opener) -> None:
    ui = open_again()
    window = ui.window
    window.resize(760, 700)
    window.menus.scheme_chosen.emit(Scheme.LIGHT)
    window.splitter.restore([200, 300])
    header = window.positions.view.header
    header.arrangement.show_column("volume", is_wanted=True)
    header.moveSection(header.visualIndex(POSITIONS.index("last")), 2)
    header.resizeSection(POSITIONS.index("symbol"), 133)
    window.orders.column_menu.lock.trigger()
    window.positions.view.sortByColumn(POSITIONS.index("day_pnl"), Qt.SortOrder.DescendingOrder)
    window.positions.choose(2)
    window.menus.on_top.trigger()
    window.menus.double_clicks.actions[DoubleClick.OPEN].trigger()
    columns, sizes = shown(ui), window.splitter.sizes()
    window.close()

    again = open_again().window
    assert (again.width(), again.height()) == (760, 700)
    assert again.theme.scheme is Scheme.LIGHT
    assert again.splitter.sizes() == sizes
    arrangement = again.positions.view.header.arrangement
    assert [arrangement.columns[section].key for section in arrangement.shown] == columns
    assert again.positions.view.columnWidth(POSITIONS.index("symbol")) == 133
    assert again.orders.view.header.arrangement.is_locked
    assert again.positions.model.sort_order == (POSITIONS.index("day_pnl"), Qt.SortOrder.DescendingOrder)
    assert again.positions.account == "IBKR_PED"
    assert again.menus.on_top.isChecked()
    assert again.menus.double_clicks.actions[DoubleClick.OPEN].isChecked()
    assert again.symbol_windows.double_click is DoubleClick.OPEN


@pytest.mark.seen
def test_that_a_window_that_nobody_arranged_follows_its_width_when_it_comes_back(open_again: Opener) -> None:
    open_again().window.close()
    ui = open_again()
    ui.window.resize(1280, 720)
    assert "spread" in shown(ui)
    ui.window.resize(960, 720)
    assert "spread" not in shown(ui)


@pytest.mark.seen
def test_that_a_change_is_written_when_it_has_held_for_a_second(open_again: Opener, path: Path) -> None:
    ui = open_again()
    ui.window.menus.scheme_chosen.emit(Scheme.DARK)
    ui.window.refresh.second.emit()
    ui.window.refresh.second.emit()
    assert json.loads(path.read_text())["theme"] == "dark"
    before = path.stat().st_mtime_ns
    ui.window.refresh.second.emit()
    assert path.stat().st_mtime_ns == before, "what is written already is not written again"
    assert [each.name for each in path.parent.iterdir()] == ["ui.json"]


@pytest.mark.seen
def test_that_a_session_that_asks_to_save_has_the_layout_written_at_once(
    open_again: Opener, path: Path
) -> None:
    window = open_again().window
    window.menus.scheme_chosen.emit(Scheme.DARK)
    window.save_layout()
    assert json.loads(path.read_text())["theme"] == "dark"
    assert window.isVisible()


def test_that_the_command_line_wins_over_the_kept_theme(open_window: Opener, path: Path) -> None:
    LayoutStore(path).save(WindowLayout(theme=Scheme.LIGHT))
    assert open_window(theme="dark", store=LayoutStore(path)).window.theme.scheme is Scheme.DARK


@pytest.mark.parametrize(
    "damage", [b'{"account": "\xff"}', b'{"a": ' + b"[" * 100_000], ids=["letters", "deep"]
)
def test_that_bytes_that_nobody_can_read_are_set_aside_and_nothing_is_written_over(
    path: Path, damage: bytes
) -> None:
    path.parent.mkdir()
    for name in ("ui.json.bad", "ui.json.bad-2"):
        path.write_bytes(damage)
        found, sentence = LayoutStore(path).load()
        assert found.are_values_hidden
        assert f"set aside as {name}." in sentence
        assert path.with_name(name).read_bytes() == damage


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"schema": "one"}',
        '{"schema": 999}',
        '{"positions": {"columns": {"bid": {"visible": true, "width": 9999999, "position": 1}}}}',
        '{"theme": "mauve"}',
        "\ufeff{}",
    ],
)
def test_that_an_unusable_file_is_set_aside_and_reported(open_again: Opener, path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    ui = open_again()
    assert "set aside as ui.json.bad" in ui.window.status.news.text
    assert (path.parent / "ui.json.bad").read_text(encoding="utf-8") == text
    ui.window.close()
    assert json.loads(path.read_text())["schema"] == SCHEMA


def test_that_a_newer_release_finds_its_new_columns_beside_their_neighbours(
    open_again: Opener, path: Path
) -> None:
    ui = open_again()
    ui.window.positions.view.header.arrangement.show_column("volume", is_wanted=True)
    ui.window.close()
    kept = json.loads(path.read_text())
    del kept["positions"]["columns"]["last"]
    kept["positions"]["columns"]["of a later release"] = {"visible": True, "width": 60, "position": 3}
    path.write_text(json.dumps(kept))
    again = open_again()
    again.window.resize(1280, 720)
    keys = shown(again)
    assert keys[keys.index("last") - 1] == "spread"


def test_that_a_layout_without_a_single_visible_column_is_passed_over(open_again: Opener, path: Path) -> None:
    ui = open_again()
    ui.window.positions.view.header.arrangement.show_column("volume", is_wanted=True)
    ui.window.close()
    kept = json.loads(path.read_text())
    for column in kept["positions"]["columns"].values():
        column["visible"] = False
    path.write_text(json.dumps(kept))
    assert "last" in shown(open_again())


@pytest.mark.parametrize(
    ("saved", "announces"),
    [('{"tells_fills": true}', True), ('{"tells_fills": true, "announces_fills": false}', False)],
)
def test_that_a_setting_is_read_by_its_name_in_earlier_versions(
    tmp_path: Path, saved: str, announces: bool
) -> None:
    path = tmp_path / "ui.json"
    path.write_text(saved)
    assert LayoutStore(path).load() == (WindowLayout(announces_fills=announces), "")


def test_that_columns_and_tabs_are_read_by_their_names_in_earlier_versions(tmp_path: Path) -> None:
    path, column = tmp_path / "ui.json", '{"visible": true, "width": 160, "position": 3, "is_picked": true}'
    place = '{"x": 1, "y": 1, "width": 640, "height": 577}'
    share = f'{{"symbol": "CIM PRB", "place": {place}, "tab": "Life"}}'
    orders = f'{{"columns": {{"other_terms": {column}}}, "sort": "other_terms"}}'
    path.write_text(f'{{"orders": {orders}, "symbols": [{share}]}}')
    layout, problem = LayoutStore(path).load()
    assert problem == ""
    assert layout.orders.columns == {"attributes": ColumnLayout(True, 160, 3, is_picked=True)}
    assert layout.orders.sort == "attributes"
    assert layout.orders.sort in {each.key for each in ORDERS.columns}
    assert [each.tab for each in layout.symbols] == [HISTORY]


def test_that_a_failing_disk_is_reported_once_and_the_window_stays_usable(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    store = LayoutStore(tmp_path / "file" / "ui.json")
    store.save(WindowLayout(account="All"))
    store.save(WindowLayout(account="IBKR_GUN"))
    (text,) = (record.getMessage() for record in caplog.records)
    assert text.startswith("The layout of the window (ui.json) is not kept: ")


def test_that_a_save_that_failed_is_made_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = LayoutStore(path)
    layout = WindowLayout(account="IBKR_GUN")
    with monkeypatch.context() as patch:
        Holder(Path.replace, 99).before(patch, "replace")
        store.save(layout)
        assert not path.exists()
    store.save(layout)
    assert LayoutStore(path).load() == (layout, "")


@pytest.mark.seen
def test_that_a_layout_that_is_not_kept_is_reported_where_the_trader_looks_until_it_is(
    open_again: Opener, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_again().window

    def pass_seconds() -> None:
        for _ in range(3):
            window.refresh.second.emit()

    with monkeypatch.context() as patch:
        Holder(Path.replace, 10**6).before(patch, "replace")
        window.menus.scheme_chosen.emit(Scheme.LIGHT)
        pass_seconds()
        assert "Settings: The layout of the window (ui.json) is not kept: another" in window.status.news.text
        assert not path.exists()
    pass_seconds()
    assert window.status.news.text.endswith("Settings: The layout of the window is kept again.")
    assert json.loads(path.read_text())["theme"] == "light"


@pytest.mark.seen
def test_that_a_layout_that_another_program_holds_is_read_later_and_never_written_over(
    open_again: Opener, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LayoutStore(path).save(WindowLayout(theme=Scheme.LIGHT, account="IBKR_PED"))
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        Holder(Path.read_bytes, 10**6).before(patch, "read_bytes")
        ui = open_again()
        window = ui.window
        assert "another program has it open: close it there" in window.status.news.text
        assert window.menus.hide_values.isChecked(), "nobody knows yet whether they were hidden"
        window.menus.scheme_chosen.emit(Scheme.DARK)
        for _ in range(3):
            window.refresh.second.emit()
        assert path.stat().st_size == len(before)
        assert window.menus.hide_values.isChecked()
    assert path.read_bytes() == before
    window.refresh.second.emit()
    assert window.theme.scheme is Scheme.LIGHT
    assert window.positions.account == "IBKR_PED"
    assert not window.menus.hide_values.isChecked()
    window.menus.scheme_chosen.emit(Scheme.DARK)
    window.refresh.second.emit()
    window.refresh.second.emit()
    assert json.loads(path.read_text())["theme"] == "dark"


def test_that_a_window_that_never_read_its_layout_leaves_it(
    open_again: Opener, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    LayoutStore(path).save(WindowLayout(account="IBKR_PED", are_values_hidden=True))
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        Holder(Path.read_bytes, 10**6).before(patch, "read_bytes")
        open_again().window.close()
    assert path.read_bytes() == before


@pytest.mark.seen
def test_that_a_damaged_file_that_cannot_be_set_aside_is_not_written_over(
    open_again: Opener, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_text("{")
    with monkeypatch.context() as patch:
        Holder(Path.replace, 10**6).before(patch, "replace")
        window = open_again().window
        window.refresh.second.emit()
        window.refresh.second.emit()
        assert path.read_text() == "{"
    window.refresh.second.emit()
    assert (path.parent / "ui.json.bad").read_text() == "{"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("{", True),
        ('{"are_values_hidden": true, "theme": "mauve"}', True),
        ('{"are_values_hidden": false, "theme": "mauve"}', False),
        ('{"schema": 999}', False),
    ],
)
def test_that_values_that_may_have_been_hidden_stay_covered(
    open_again: Opener, path: Path, text: str, hidden: bool
) -> None:
    path.parent.mkdir()
    path.write_text(text)
    assert open_again().window.menus.hide_values.isChecked() == hidden


def test_that_nothing_saved_reveals_what_the_trader_holds(open_again: Opener, path: Path) -> None:
    ui = open_again()
    fill(ui)
    ui.window.positions.filter_box.setText("CIM")
    ui.window.close()
    text = path.read_text()
    for secret in ("CIM", "U1240821", "3000", "1284310"):
        assert secret not in text


def test_that_a_demo_keeps_nothing(open_window: Opener, path: Path) -> None:
    ui = open_window(demo=True)
    ui.window.menus.scheme_chosen.emit(Scheme.LIGHT)
    ui.window.refresh.second.emit()
    ui.window.close()
    assert not path.exists()


SCREENS = [QRect(0, 0, 1920, 1040), QRect(1920, 0, 1280, 1024)]


@pytest.mark.parametrize("at", [(10, 10), (2500, 100), (-50, 0), (1900, 1000)])
def test_that_a_window_whose_title_bar_is_on_a_screen_stays_where_it_was(at: tuple[int, int]) -> None:
    rect = QRect(*at, 1280, 720)
    assert on_a_screen(rect, SCREENS) == rect


@pytest.mark.parametrize("at", [(4000, 100), (-1500, 10), (100, -300), (100, 2000)])
def test_that_a_window_of_a_screen_that_is_gone_comes_back_to_the_first(at: tuple[int, int]) -> None:
    found = on_a_screen(QRect(*at, 1280, 720), SCREENS)
    assert SCREENS[0].contains(found.marginsAdded(FRAME))
    assert (found.width(), found.height()) == (1280, 720)


def test_that_a_window_larger_than_the_screen_that_is_left_is_made_to_fit() -> None:
    found = on_a_screen(QRect(9000, 0, 3000, 2000), SCREENS)
    assert SCREENS[0].contains(found.marginsAdded(FRAME))
    assert found.height() > SCREENS[0].height() - 50


@pytest.mark.parametrize(
    "rect", [QRect(1900, 40, 2560, 700), QRect(2000, 60, 1300, 700), QRect(1950, 80, 700, 1400)]
)
def test_that_a_window_larger_than_its_screen_is_made_to_fit_there(rect: QRect) -> None:
    found = on_a_screen(rect, SCREENS)
    assert SCREENS[1].contains(found.marginsAdded(FRAME))
    room = SCREENS[1].marginsRemoved(FRAME)
    assert found.size() == rect.size().boundedTo(room.size())


def test_that_a_window_over_two_screens_stays_as_it_is() -> None:
    rect = QRect(200, 100, 2800, 800)
    assert on_a_screen(rect, SCREENS) == rect


def test_that_a_new_window_opens_on_the_screen_of_the_main_window_and_beside_it_if_there_is_room() -> None:
    size, main = QSize(640, 577), QRect(1940, 60, 560, 720)
    for number in range(12):
        found = beside(main, size, SCREENS[1], number)
        assert SCREENS[1].contains(found.marginsAdded(FRAME))
        assert found.size() == size
    at_right = beside(main, size, SCREENS[1])
    assert not at_right.marginsAdded(FRAME).intersects(main.marginsAdded(FRAME))
    at_left = beside(QRect(700, 40, 1200, 720), size, SCREENS[0])
    assert at_left.right() < 700
    maximised = beside(QRect(1928, 31, 1264, 984), size, SCREENS[1])
    assert SCREENS[1].contains(maximised.marginsAdded(FRAME))


def test_that_a_layout_is_equal_to_itself_read_back(path: Path) -> None:
    layout = replace(WindowLayout(), splitter=(1, 2), account="All")
    LayoutStore(path).save(layout)
    assert LayoutStore(path).load() == (layout, "")
