"""Making the quick encoder of queries out of a sentence-transformers model, once, into the user's cache."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final

from archive.core.errors import ArchiveError
from archive.core.system_limits import in_words, is_exhausted
from archive.folder.files import make_private_dir, remove, remove_tree, replace
from index.embedding import onnx
from index.embedding.exporters import Attempt
from index.embedding.refusals import Refusal, Why, note_refusal, refusal_in_force

if TYPE_CHECKING:
    from index.embedding.model import Model

_TIMES_WEIGHTS: Final = 3  # room on the disk, in sizes of the model's weights: the graph lies there twice for a moment
_AGAIN: Final = {
    Why.DIFFERS: "",
    Why.FAILED: " It is tried again tomorrow.",
    Why.ROOM: " It is tried again later.",
    Why.NOT_LOADED: " It is tried again later.",
}


class NotExportable(ArchiveError):
    """The model cannot be turned into an exported encoder here and now."""

    code = "not-exportable"


def export(model: Model, *, anew: bool = False, on_begin: Callable[[], None] = lambda: None) -> Path:
    """Export a model's encoder into the user's cache, unless a whole one is there; return its folder.

    The graph takes token ids and gives pooled unit vectors. It is made in a process of its own and kept only if it
    agrees with sentence-transformers on every probe (cosine above 0.9999). A model of which it does not is remembered
    and not tried again with the same torch; what failed otherwise is tried again later.

    Args:
        model: to export.
        anew: also where a whole one is there, which is replaced when the new one is made.
        on_begin: told before what takes long.

    Raises:
        NotExportable: there is no exported encoder, but the model can be used through sentence-transformers.
        ArchiveError: the model cannot be loaded.
    """
    place = onnx.encoder_folder(model)
    with _in_cache(place.parent), _alone(place):
        if not anew and (folder := onnx.exported(model)) is not None:
            return folder
        if (refusal := refusal_in_force(place.with_suffix(".refused"))) is not None:
            raise _error(refusal)
        _require_disk(model, place.parent)
        on_begin()
        return _make(model, place)


@contextmanager
def _in_cache(folder: Path) -> Iterator[None]:
    """Tell what the system refuses in the folder of exported encoders.

    Raises:
        NotExportable: the folder cannot be written to, or this process gets no more files or memory.
    """
    try:
        yield
    except OSError as error:
        if is_exhausted(error):
            what = f"The system refuses what it takes to make the quick encoder ({in_words(error)})."
            raise NotExportable(what) from error
        what = f"The quick encoder cannot be kept in {folder} ({error.strerror or error}); "
        raise NotExportable(f"{what}set MORGUE_CACHE to another folder.") from error


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Let one process at a time make the encoder that is to lie at a place."""
    from filelock import FileLock

    make_private_dir(place.parent)
    with FileLock(place.with_suffix(".lock")):
        yield


def _make(model: Model, place: Path) -> Path:
    beginning = f"making-{place.name}-"
    for left in place.parent.glob(f"{beginning}*"):  # by a process that was killed
        remove_tree(left)
    work = Path(mkdtemp(prefix=beginning, dir=place.parent))
    try:
        attempt = Attempt(model, work)
        if attempt.problem is not None:
            refusal = _refusal(model, attempt)
            if attempt.loaded or attempt.wants_room:  # else the installation is broken, and may be mended at once
                note_refusal(place.with_suffix(".refused"), refusal)
            raise _error(refusal)
        remove_tree(place)
        replace(work, place)
        remove(place.with_suffix(".refused"))
    finally:
        remove_tree(work)
    return place


def _refusal(model: Model, attempt: Attempt) -> Refusal:
    told = str(attempt.problem).rstrip(".")
    if attempt.wants_room:
        why = Why.ROOM if attempt.loaded else Why.NOT_LOADED
        return Refusal(why, f"There is not enough memory or disk to export the model {model.name} ({told}).")
    if not attempt.loaded:
        return Refusal(Why.NOT_LOADED, f"{told}.")
    why = Why.DIFFERS if attempt.differs else Why.FAILED
    return Refusal(why, f"The model {model.name} cannot be exported ({told}).")


def _error(refusal: Refusal) -> ArchiveError:
    kind = ArchiveError if refusal.why == Why.NOT_LOADED else NotExportable
    return kind(f"{refusal.reason}{_AGAIN[refusal.why]}")


def _require_disk(model: Model, folder: Path) -> None:
    """Refuse at once where the disk has no room, and not after the twenty seconds that an export may take."""
    weights = sum(path.stat().st_size for path in model.path.rglob("*.safetensors"))
    free, wanted = shutil.disk_usage(folder).free, _TIMES_WEIGHTS * weights
    if free < wanted:
        what = f"The quick encoder takes {wanted / 1e6:,.0f} MB in {folder} for a while; {free / 1e6:,.0f} are free. "
        raise NotExportable(f"{what}Set MORGUE_CACHE to a folder that has room.")
