"""Importing packages one after the other in a process of its own, which a broken one may crash or hang."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple

from archive.core.system_limits import in_words, limit_of

_ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE: Final = 180.0  # seconds for all of them; the heaviest takes some ten on a busy machine. Chosen, not measured
_ENOUGH: Final = 8 << 30  # bytes of addresses; all imports together were made within 4 GB
_OFFLINE: Final = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}


class Trouble(NamedTuple):
    """Why a module cannot be imported, in a few words; ``limited`` where the system refused what that takes."""

    words: str
    limited: bool = False


def import_errors(modules: Sequence[str], patience: float = _PATIENCE) -> dict[str, Trouble]:
    """Try to import modules; none of them is loaded here, and the network is not touched.

    Args:
        modules: their names.
        patience: seconds until the one that is being imported is given up.

    Returns:
        What went wrong, by the name of the module; nothing of those that can be imported.
    """
    errors: dict[str, Trouble] = {}
    left = list(modules)
    while left:
        lines, ended = _child(left, patience)
        for module, error in lines:
            left.remove(module)
            if error is not None:
                errors[module] = error
        if left:
            errors[left.pop(0)] = ended
    return errors


def _child(modules: Sequence[str], patience: float) -> tuple[list[tuple[str, Trouble | None]], Trouble]:
    """Return what a child said of each module until it ended, and how it ended."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "index.installation.trial_imports", *modules]
    environment = {**os.environ, **_OFFLINE, "PYTHONPATH": path}
    try:
        done = subprocess.run(command, capture_output=True, env=environment, timeout=patience, check=False)
    except subprocess.TimeoutExpired as error:
        return _parsed(error.stdout or b""), Trouble(f"it was not imported within {patience:g} seconds")
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        return _parsed(done.stdout), Trouble(f"it crashes: {name}", limited=name == "SIGKILL" or _memory_is_scarce())
    return _parsed(done.stdout), Trouble(f"it ends the process, with {done.returncode}")


def _memory_is_scarce() -> bool:
    """Tell whether processes may have less memory (``ulimit -v``) than all imports take, for want of which they crash.

    Where memory is scarce otherwise, the system ends them by SIGKILL.
    """
    try:
        import resource
    except ImportError:  # Windows
        return False
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return limit != resource.RLIM_INFINITY and limit < _ENOUGH


def _parsed(output: bytes) -> list[tuple[str, Trouble | None]]:
    lines = map(json.loads, output.splitlines())
    return [(str(module), None if trouble is None else Trouble(*trouble)) for module, trouble in lines]


def _tried(modules: Sequence[str]) -> Iterator[tuple[str, Trouble | None]]:
    for module in modules:
        try:
            import_module(module)
        except Exception as error:  # a broken package raises anything
            limit = limit_of(error)
            words = f"{type(error).__name__}: {error}".splitlines()[0] if limit is None else in_words(limit)
            yield module, Trouble(words, limited=limit is not None)
        else:
            yield module, None


def _main(modules: Sequence[str]) -> None:
    """Be the child: a line of JSON for each module; what the packages print goes nowhere."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as report:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        for outcome in _tried(modules):
            report.write(json.dumps(outcome) + "\n")
            report.flush()


if __name__ == "__main__":
    _main(sys.argv[1:])
