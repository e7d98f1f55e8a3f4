"""Invented exports, one module per format: a good file, and files in which every text is a word to look for."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def modules() -> dict[str, ModuleType]:
    """Return the specimens of every format by the name of the source."""
    return {found.name: import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)}
