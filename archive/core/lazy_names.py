"""What is loaded when it is used, so that a command loads only what it needs: names of a package, functions."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class Function:
    """A function of a module, which is imported at the first call; travels to other processes as any other does.

    Attributes:
        module: its full name.
        name: of the function.
    """

    module: str
    name: str

    def __call__(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - what the function takes and returns
        """Call it."""
        return getattr(import_module(self.module), self.name)(*arguments, **named)


def loader(package: str, names: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package (PEP 562).

    Args:
        package: its name.
        names: what each module gives it, names with spaces between, by the module's own full name.
    """
    modules = {name: module for module, given in names.items() for name in given.split()}

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(modules[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return load
