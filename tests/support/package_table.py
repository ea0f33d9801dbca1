"""The table of packages in psf_monitor/README.md: what each package may import."""

import re

HELPERS = {"domain", "formatting", "files", "problem"}


def permitted_imports(page: str) -> dict[str, set[str]]:
    """What each package may import besides itself, from the table of packages: names, or paths of modules.

    Raises ``ValueError`` for a cell that is neither names nor one of the table's words.
    """
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|.*\| ([^|]+) \|$", page, re.MULTILINE)
    cells = {package: cell for packages, cell in rows for package in re.findall(r"`(\w+)`", packages)}
    words = {"nothing": set(), "helpers": HELPERS, "everything": set(cells)}
    permitted = {}
    for package, cell in cells.items():
        permitted[package] = {package}
        for part in cell.split(", "):
            name = re.fullmatch(r"`([\w/]+)`", part)
            if name is None and part not in words:
                raise ValueError(f"{package}: {cell}")
            permitted[package] |= {name[1]} if name is not None else words[part]
    return permitted
