"""The import rules: which package may import what, and how large a file may grow."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from psf_monitor.app import startup
from tests.support.package_table import HELPERS, permitted_imports
from tests.support.waiting import PROCESS_PATIENCE_S

PACKAGE = Path(__file__).parent.parent / "psf_monitor"

PAGE = (PACKAGE / "README.md").read_text(encoding="utf-8")
MAY_IMPORT = permitted_imports(PAGE.partition("## Packages")[2].partition("\n## ")[0])

RECORDS = re.compile(r"msgspec(\.Struct|\.structs(\.\w+)?)?")
"""What the domain may import besides the standard library: what its records are made with."""

LIBRARY_PACKAGES = {
    "PySide6": {"ui", "app"},
    "qasync": {"app"},
    "ib_insync": {"ibkr"},
    "picows": {"hammer"},
    "websockets": {"sim", "replay"},
    "sqlite3": {"journal"},
    "fastapi": {"api"},
    "pydantic": {"api"},
    "starlette": {"api"},
    "uvicorn": {"api"},
    "backports": {"recording"},
    "compression": {"recording"},
}

TESTS = Path(__file__).parent

FILES = sorted(PACKAGE.rglob("*.py"))


@cache
def source_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def nodes_of(source: str) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(source))


def package_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


FEATURES = ("positions", "orders", "fills", "journal", "symbol", "alerts", "connections", "recording")
UI_MAY_IMPORT = {
    "style": {"style"},
    "base": {"base", "style"},
    "table": {"table", "base", "style"},
    **{feature: {feature, "table", "base", "style"} for feature in FEATURES},
    "shell": {"shell", *FEATURES, "table", "base", "style"},
}
"""The import rules inside the window: no feature needs another, and the shell places them all."""

BESIDE_THE_PACKAGES = {"files", "formatting", "problem"}
MOST_FILES = 16


@dataclass
class Outline:
    """What most rules look at, found by reading a file once."""

    imports: list[str] = field(default_factory=list)
    functions: list[tuple[str, int, int]] = field(default_factory=list)
    """Every function's name, number of lines, and number of parameters."""


@cache
def outline_of(source: str) -> Outline:
    found = Outline()
    for node in nodes_of(source):
        if isinstance(node, ast.Import):
            found.imports += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that a reader sees the package"
            module = node.module or ""
            found.imports += [module, *(f"{module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno
            found.functions.append((node.name, lines, len(parameters_of(node))))
    return found


def forbidden_imports(package: str, source: str) -> set[str]:
    """The imports of a file that its package may not make."""
    found = set()
    for name in outline_of(source).imports:
        top, _, rest = name.partition(".")
        if top == "psf_monitor":
            # What the package itself offers, such as its version, counts as its __init__.
            path = rest.replace(".", "/") if rest.split(".")[0] in MAY_IMPORT else "__init__"
            if rest and not any(f"{path}/".startswith(f"{may}/") for may in MAY_IMPORT[package]):
                found.add(name)
        elif package not in LIBRARY_PACKAGES.get(top, {package}) or (
            package == "domain" and top not in sys.stdlib_module_names and not RECORDS.fullmatch(name)
        ):
            found.add(name)
    return found


def test_that_every_file_imports_only_what_its_package_may() -> None:
    found = {path: forbidden_imports(package_of(path), source_of(path)) for path in FILES}
    assert len(found) > 200
    assert {path: names for path, names in found.items() if names} == {}


def test_that_no_feature_of_the_window_needs_another() -> None:
    found = {
        (path.name, name)
        for path in (PACKAGE / "ui").rglob("*/*.py")
        for name in outline_of(source_of(path)).imports
        if name.startswith("psf_monitor.ui.")
        and name.split(".")[2] not in UI_MAY_IMPORT[path.relative_to(PACKAGE / "ui").parts[0]]
    }
    assert found == set()


def test_that_few_modules_are_outside_the_packages_and_no_folder_is_crowded() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"} <= BESIDE_THE_PACKAGES
    for folder in {path.parent for path in (*FILES, *TESTS.rglob("*.py"))}:
        assert len(list(folder.glob("*.py"))) <= MOST_FILES, folder


def missing_files(page: str) -> set[str]:
    """The modules, files and folders that a page names by their path, `package/module`, and that are missing.

    A star stands for anything; a path outside the package begins with its folder, such as `tests` and `.ci`.
    """
    named = set(re.findall(r"`([.a-z0-9_]+(?:/[\w.*]+)+)`", page))
    places = (PACKAGE, PACKAGE.parent)
    return {
        name
        for name in named
        if not any(True for place in places for end in ("", ".py") for _ in place.glob(f"{name}{end}"))
    }


def test_that_the_architecture_on_one_page_names_files_that_are_there() -> None:
    assert missing_files(PAGE) == set()
    gone = {"book/gone", "ui/*/gone", "ui/*_gone", "hammer/l9_gone", "tests/gone", ".ci/gone"}
    there = ("ui/*/columns", "api/*_routes", "tests/ui", ".ci/run", "recording/README.md")
    assert missing_files(" ".join(f"`{name}`" for name in (*gone, *there))) == gone


def test_that_every_package_has_its_row_on_the_page() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(MAY_IMPORT) == packages | {path.stem for path in PACKAGE.glob("*.py")}


def test_that_a_cell_of_the_table_is_read_or_refused() -> None:
    rows = "| package | what | may import |\n| --- | --- | --- |\n| `a`, `b` | x | helpers, `c/d` |\n"
    assert permitted_imports(rows) == {"a": {"a", "c/d", *HELPERS}, "b": {"b", "c/d", *HELPERS}}
    assert permitted_imports(f"{rows}| `e` | y | everything |\n| `f` | z | nothing |")["e"] == set("abef")
    with pytest.raises(ValueError, match="anything"):
        permitted_imports("| `a` | x | anything |")


FORBIDDEN = (
    ("domain", "from psf_monitor.book.book import Book"),
    ("domain", "import tomlkit"),
    ("domain", "from msgspec import json"),
    ("domain", "import msgspec.msgpack"),
    ("ibkr", "from psf_monitor.hammer import symbols"),
    ("book", "import ib_insync"),
    ("book", "def f():\n    from psf_monitor import settings"),
    ("sim", "from psf_monitor.hammer.messages import decode"),
    ("ui", "from ib_insync import IB"),
    ("ui", "from psf_monitor.ibkr import errors"),
    ("ui", "from psf_monitor.check.runner import run"),
    ("domain", "from psf_monitor import problem"),
    ("files", "from psf_monitor.domain import account"),
    ("book", "from psf_monitor import __version__"),
    ("runtime", "from PySide6 import QtCore"),
    ("hammer", "import qasync"),
    ("book", "import sqlite3"),
    ("book", "from psf_monitor.journal.journal import Journal"),
    ("api", "from psf_monitor.runtime.monitor import Monitor"),
    ("cli", "import fastapi"),
)
"""A package, and the source of a file in it with an import that it may not make."""


def test_that_a_forbidden_import_is_seen() -> None:
    for package, source in FORBIDDEN:
        assert forbidden_imports(package, source), (package, source)


def test_that_modules_do_not_import_each_other_in_a_circle() -> None:
    names = {".".join(("psf_monitor", *p.relative_to(PACKAGE).with_suffix("").parts)): p for p in FILES}
    graph = {
        name: {target for target in outline_of(source_of(path)).imports if target in names} - {name}
        for name, path in names.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for target in graph[name]:
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


MOST_LINES_OF_A_FILE = 400


def test_that_a_file_stays_readable() -> None:
    lines = {path: len(source_of(path).splitlines()) for path in (*FILES, *TESTS.rglob("*.py"))}
    assert {path: count for path, count in lines.items() if count > MOST_LINES_OF_A_FILE} == {}


MOST_LINES, MOST_PARAMETERS = 60, 7


def parameters_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    return {argument.arg for argument in given if argument.arg not in ("self", "cls")}


def long_functions(source: str) -> list[str]:
    """The functions that are too long or have too many parameters to read at a glance."""
    return [name for name, lines, _given in outline_of(source).functions if lines >= MOST_LINES]


def crowded_functions(source: str) -> list[str]:
    """The functions and constructors that are given more than they can have a meaning for."""
    return [name for name, _lines, given in outline_of(source).functions if given > MOST_PARAMETERS]


def test_that_functions_are_short_and_take_few_parameters() -> None:
    for seen in (long_functions, crowded_functions):
        assert {str(path): found for path in FILES if (found := seen(source_of(path)))} == {}


def test_that_a_long_function_and_a_crowded_one_are_seen() -> None:
    few = ", ".join(f"a{i}" for i in range(MOST_PARAMETERS))
    assert long_functions("def f():\n" + "    a = 1\n" * MOST_LINES) == ["f"]
    assert crowded_functions(f"def f({few}, *, b): ...") == ["f"]
    assert crowded_functions(f"class A:\n    def __init__(self, {few}, b): ...") == ["__init__"]
    assert crowded_functions(f"class A:\n    async def f(self, {few}): ...") == []


def test_that_only_the_theme_names_a_colour() -> None:
    coloured = {
        path.relative_to(PACKAGE).as_posix()
        for path in FILES
        if re.search("[\"']#", source_of(path))
        for node in nodes_of(source_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) in (7, 9)
        and node.value.startswith("#")
        and all(c in "0123456789abcdefABCDEF" for c in node.value[1:])
    }
    assert coloured <= {"ui/style/theme.py"}


@pytest.mark.parametrize(
    "statement",
    [
        "import psf_monitor.domain.valuation",
        "import psf_monitor.book.book",
        "import psf_monitor.runtime.monitor",
        "import psf_monitor.cli.snapshot",
        "from psf_monitor.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass",
    ],
)
def test_that_the_inner_packages_and_the_help_load_no_qt_no_ib_insync_and_no_fastapi(statement: str) -> None:
    heavy = {"PySide6", "ib_insync", "fastapi"}
    check = f"import sys; assert not {heavy} & set(sys.modules), sorted(sys.modules)"
    command = [sys.executable, "-c", f"{statement}\n{check}"]
    subprocess.run(command, check=True, capture_output=True, timeout=PROCESS_PATIENCE_S)


def late_imports(source: str) -> int:
    if not re.search(r"^[ \t]+(import|from) ", source, re.MULTILINE):
        return 0
    nodes = list(nodes_of(source))
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    inside = {id(node) for function in functions for node in ast.walk(function)}
    return sum(isinstance(node, ast.Import | ast.ImportFrom) and id(node) in inside for node in nodes)


def test_that_only_the_start_decides_what_is_loaded_when() -> None:
    assert {path for path in FILES if late_imports(source_of(path))} == set()


def test_that_every_deferred_module_is_there() -> None:
    modules = {".".join(("psf_monitor", *path.relative_to(PACKAGE).with_suffix("").parts)) for path in FILES}
    assert modules >= startup.DEFERRED


def test_that_a_late_import_is_seen() -> None:
    source = "import a\ndef f():\n    def g():\n        import b\n    from c import d"
    assert late_imports(source) == 2


def attributes_named(source: str, by: str) -> list[str]:
    """The attributes that calls of functions whose names end so name, on an object or by a path."""
    return [
        str(argument.value)
        for node in nodes_of(source)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(by)
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant)
    ]


def private_looks(source: str) -> int:
    """Attributes with a leading underscore of anything but the object itself, also named by a text."""
    if not re.search(r"[.\"']_[a-zA-Z]", re.sub(r"(?<![\w.])(self|cls)\._\w+", "", source)):
        return 0
    named = [name for name in attributes_named(source, "attr") if re.fullmatch(r"([\w.]*\.)?_[a-z]\w*", name)]
    return len(named) + sum(
        isinstance(node, ast.Attribute)
        and node.attr.startswith("_")
        and not node.attr.startswith("__")
        and node.attr not in ("_replace", "_exit")
        and not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"))
        for node in nodes_of(source)
    )


def test_that_tests_use_what_is_public() -> None:
    for path in TESTS.rglob("*.py"):
        assert private_looks(source_of(path)) == 0, path


def test_that_a_private_look_is_seen() -> None:
    assert private_looks("a._b\nself._c\nself._d._e\na.__class__\na._replace()") == 2
    assert private_looks('m.setattr("a.b._c", 1)\nm.setattr(a, "_b", 1)\ngetattr(a, "_b")\nf("_b")') == 3


REPLACED_CONSTANTS = {
    # What the guards allow is no matter of a name: they are shown to hold when it is replaced.
    "hammer/test_guard.py": 2,
    "ibkr/test_guard.py": 1,
}
"""Constants that a test replaces behind the back of what uses them, by file. The numbers only shrink."""


def replaced_constants(source: str) -> int:
    """Calls of ``setattr`` that name a constant, on a module or by its path."""
    if "setattr" not in source:
        return 0
    return sum(name.rpartition(".")[2].isupper() for name in attributes_named(source, "setattr"))


def test_that_tests_inject_what_they_replace() -> None:
    for path in TESTS.rglob("*.py"):
        name = path.relative_to(TESTS).as_posix()
        found = replaced_constants(source_of(path))
        assert found <= REPLACED_CONSTANTS.get(name, 0), name


def test_that_a_replaced_constant_is_seen() -> None:
    assert replaced_constants('m.setattr(a, "B_C", 1)\nm.setattr("a.B", 2)\nm.setattr(a, "b", 3)') == 2


WAITS_FOR_TIME = {"time.sleep", "qtbot.wait", "QTest.qWait", "QTest.qSleep"}


def waits_for_time(source: str) -> set[str]:
    if not any(name in source for name in WAITS_FOR_TIME):
        return set()
    return WAITS_FOR_TIME & {ast.unparse(n.func) for n in nodes_of(source) if isinstance(n, ast.Call)}


def test_that_no_test_waits_for_time() -> None:
    for path in TESTS.rglob("*.py"):
        if "benchmarks" not in path.parts:
            assert not waits_for_time(source_of(path)), path


def test_that_a_wait_for_time_is_seen() -> None:
    assert waits_for_time("qtbot.wait(5)\ntime.sleep(1)\nasyncio.sleep(0)") == {"qtbot.wait", "time.sleep"}


def test_that_a_way_through_menus_is_written_with_one_sign() -> None:
    """``Settings > API``: a console of any code page has the sign."""
    others = {p.name for p in FILES if any(sign in source_of(p) for sign in ("›", "… >"))}
    assert others == set()
