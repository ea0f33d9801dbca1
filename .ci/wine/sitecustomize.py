"""Gives the variables of Qt, which Wine keeps to itself, their names back."""

import os

for _name in [name for name in os.environ if name.startswith("HANDED_QT_")]:
    os.environ[_name.removeprefix("HANDED_")] = os.environ.pop(_name)
