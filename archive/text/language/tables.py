"""py3langid's tables for the languages that have a code of two letters, unpacked once into the user's cache.

The package holds them packed by LZMA: unpacking takes .4 s of processor time in every process, reading them .09 s.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.core.errors import ArchiveError
from archive.folder.files import make_private_dir, remove, write_atomic
from archive.folder.user_folder import cache_folder

_TYPES: Final = {array(code).itemsize: code for code in "HIL"}  # of unsigned numbers, by their bytes


def identifier() -> Any:  # noqa: ANN401  (py3langid has no types)
    """Return py3langid's ``LanguageIdentifier``, restricted to languages with a code of two letters.

    Tables that lie in the cache and are damaged, or not as this py3langid takes them, are made anew.
    """
    from py3langid.langid import MODEL_DIR, MODEL_FILE

    place = _place(Path(MODEL_DIR) / MODEL_FILE)
    with suppress(Exception):  # there is no end to what NumPy and zipfile raise of damaged bytes
        return _kept(place)
    made = _made()
    _keep(place, made)
    return made


def _place(model: Path) -> Path:
    """Return where the tables of a model's file are kept; another file, or another version of it, has others."""
    status = model.stat()
    stamp = f"{model} {status.st_size} {status.st_mtime_ns}"
    return cache_folder() / "languages" / f"{sha256(stamp.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}.npz"


def _made() -> Any:  # noqa: ANN401
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages([label for label in made.labels if len(label) == 2])
    # Choosing languages leaves the table column by column; reading rows of it is a quarter faster the other way round.
    made.nb_ptc = np.ascontiguousarray(made.nb_ptc)
    return made


def _kept(place: Path) -> Any:  # noqa: ANN401
    """Read what is kept; every table has a checksum in the file, and an error says that it is not as wanted."""
    from py3langid.langid import LanguageIdentifier

    with np.load(place, allow_pickle=False) as kept:
        moves, rows = _as_array(kept["moves"]), _as_array(kept["rows"])
        tables = kept["weights"], kept["priors"], kept["labels"].tolist(), moves, kept["features"].tolist()
        return LanguageIdentifier(*tables, norm_probs=True, tk_row=rows)


def _keep(place: Path, made: Any) -> None:  # noqa: ANN401
    """Keep tables in place of older ones; where there is no room, or they are unlike those that are known, none are."""
    with suppress(OSError, ValueError, TypeError, AttributeError, ArchiveError):
        packed = BytesIO()
        np.savez(
            packed,
            weights=made.nb_ptc,
            priors=made.nb_pc,
            labels=np.array(made.nb_classes),
            moves=np.asarray(made.tk_nextmove),
            rows=np.asarray(made.tk_row),
            features=np.asarray(made.tk_output, np.int32),
        )
        make_private_dir(place.parent)
        for older in place.parent.glob("*.npz"):
            remove(older)
        write_atomic(place, packed.getvalue())


def _as_array(numbers: NDArray[Any]) -> array[int]:
    """Return numbers as the array of Python's own that py3langid reads one by one, which is quicker than NumPy's."""
    numbered = array(_TYPES[numbers.dtype.itemsize])
    numbered.frombytes(numbers.data.cast("B"))
    return numbered
