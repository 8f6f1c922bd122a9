"""The copies of the catalog that lie in the archive folder: what is purged goes from them too.

Copies are numbered in their names, so that the newest is told by the order in which they were made and not by a clock;
those of before they were numbered come before all others. A damaged catalog that a repair keeps is one of them, but
for what nobody can read of it: a purge removes it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import UTC, datetime
from errno import EIO
from itertools import chain
from pathlib import Path
from typing import Final, TypeVar

from archive.catalog.connection import APPLICATION, connect, migrate, plainly, undone_unless_whole, unread_is_damage
from archive.catalog.integrity import is_sound
from archive.catalog.schema import META
from archive.catalog.tables import meta, versions
from archive.catalog.transaction import Transaction
from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.folder.files import link, make_private_dir, point, remove, replace, sync_file
from archive.folder.layout import Layout

Told = TypeVar("Told")
_BESIDE: Final = ("-journal", "-wal", "-shm")
_NUMBERED: Final = re.compile(r"(?:catalog|damaged|replaced)-(\d{6,})-")
_UNREADABLE: Final = ("damaged-*.catalog", "replaced-*.catalog")
_REPLACED: Final = "replaced-"
# How the files of SQLite begin: databases, and their logs in either order of bytes.
_MAGIC: Final = (b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")


# SQLite keeps a number that names the application in these bytes of the file.
_APPLICATION_AT: Final = 68
_HEADER: Final = 72


@dataclass(frozen=True, slots=True)
class Copies:
    """What became of the copies of the catalog: rewritten without what was purged, or removed as damaged.

    Attributes:
        strange: files in the archive folder that nobody looked into, because Morgue did not make them.
    """

    rewritten: tuple[Path, ...] = ()
    removed: tuple[Path, ...] = ()
    strange: tuple[Path, ...] = ()

    def left(self) -> Copies:
        """Return the same without strange files that are gone by now."""
        return replace_fields(self, strange=tuple(path for path in self.strange if path.exists()))


def copies(layout: Layout) -> tuple[Path, ...]:
    """Return the copies of the catalog in the archive folder."""
    return tuple(sorted(path for path in layout.backups.glob("*.sqlite") if path.is_file()))


def damaged_copies(layout: Layout) -> tuple[Path, ...]:
    """Return the damaged catalogs that repairs kept, and those that copies were put in the place of."""
    found = (path for kind in _UNREADABLE for path in layout.backups.glob(kind))
    return tuple(sorted(path for path in found if path.is_file()))


def is_replaced(copy: Path) -> bool:
    """Tell whether it is a catalog in whose place a person put a copy, so that nothing of it is to come back."""
    return copy.name.startswith(_REPLACED)


def number_of(copy: Path) -> int:
    """Return the number in a copy's name, 0 where it has none."""
    found = _NUMBERED.match(copy.name)
    return int(found[1]) if found else 0


def holds_all_of(copy: Path, other: Path) -> bool:
    """Tell whether a copy holds every text that another holds, and a notebook as late; unread ones may hold more.

    Numbers of changes tell nothing of it: a catalog that was put back gives them out again.
    """
    try:
        (owner, texts, changes), (others_owner, others, earlier) = map(_held, (copy, other))
    except (ArchiveError, OSError):
        return False
    return others_owner in (None, owner) and others <= texts and earlier <= changes


def _held(copy: Path) -> tuple[str | None, set[tuple[str, str]], int]:
    with unread_is_damage(copy), reading(copy) as reader:
        return _owner(reader), set(versions.keys(reader)), meta.number_of(reader, meta.KEPT)


def new_copy(layout: Layout) -> Path:
    """Return the name of a copy that is to be made; it is the newest, whatever the clock says."""
    return _new(layout, "catalog-{}.sqlite")


def new_damaged_copy(layout: Layout) -> Path:
    """Return the name under which a damaged catalog is to be kept."""
    return _new(layout, "damaged-{}.catalog")


def new_replaced_copy(layout: Layout, *, readable: bool) -> Path:
    """Return the name under which a catalog is to be kept in whose place a copy is put back."""
    return _new(layout, f"{_REPLACED}{{}}.{'sqlite' if readable else 'catalog'}")


def _new(layout: Layout, name: str) -> Path:
    number = 1 + max(map(number_of, make_private_dir(layout.backups).iterdir()), default=0)
    when = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return layout.backups / name.format(f"{number:06d}-{when}")


def strangers(layout: Layout) -> tuple[Path, ...]:
    """Return what Morgue did not make and may hold what the catalog held.

    That is whatever else lies among the copies, and databases elsewhere in the archive folder; a finished generation
    has some of its own, which its manifest tells of.
    """
    ours = (layout.catalog, *copies(layout), *damaged_copies(layout))
    known = {Path(f"{path}{end}") for path in ours for end in ("", *_BESIDE)}
    among = (path for path in layout.backups.rglob("*") if path.is_file() and path not in known)
    left_out = {layout.backups, layout.tmp, *(path for path in _inside(layout.generations) if path.name.isdecimal())}
    tops = (*_inside(layout.root), *_inside(layout.generations))
    # what lies elsewhere is not the archive's, but for vectors, which may lie on another disk
    linked = {top for top in tops if top.is_symlink() and top != layout.vectors}
    looked = [top for top in tops if top not in {*left_out, *linked, layout.generations}]
    beside = {path for top in looked for path in (top, *top.rglob("*"))}
    strange = (path for path in beside if path.is_file() and not path.is_symlink() and path not in known)
    return tuple(sorted((*among, *(path for path in strange if _is_database(path, layout.catalog)))))


def _inside(folder: Path) -> tuple[Path, ...]:
    return tuple(folder.iterdir()) if folder.is_dir() else ()


def _is_database(path: Path, catalog: Path) -> bool:
    """Tell whether a file is one of SQLite's; one that cannot be read may be.

    The catalog under another name is not opened: whoever closes a file gives up all locks that its process has on it.
    """
    try:
        if catalog.exists() and path.samefile(catalog):
            return True
        with path.open("rb") as file:
            return file.read(16).startswith(_MAGIC)
    except OSError:
        return True


def is_catalog(path: Path) -> bool:
    """Tell whether a file begins as a catalog of Morgue does; one that cannot be read may be."""
    try:
        with path.open("rb") as file:
            return file.read(_HEADER)[_APPLICATION_AT:] == APPLICATION.to_bytes(4, "big")
    except FileNotFoundError:
        return False
    except OSError:
        return True


def drop_parts(layout: Layout) -> None:
    """Remove the copies that were never finished, and what SQLite kept beside a copy that is gone."""
    for part in layout.backups.glob(".*.part*"):
        remove(part)
    for end in _BESIDE:
        for path in chain.from_iterable(layout.backups.glob(f"{kind}{end}") for kind in ("*.sqlite", *_UNREADABLE)):
            if not path.with_name(path.name.removesuffix(end)).is_file():
                remove(path)


def drop(copy: Path) -> None:
    """Remove a copy with whatever SQLite keeps beside it; the copy comes last, so that nothing is left without it."""
    for path in (*(Path(f"{copy}{end}") for end in _BESIDE), copy):
        remove(path)


def salvaging(layout: Layout) -> Path:
    """Return where a salvage makes the new catalog."""
    return layout.tmp / "salvaging.sqlite"


def restored(layout: Layout) -> Path:
    """Return where a restore makes the new catalog."""
    return layout.tmp / "restored.sqlite"


def is_another_made(layout: Layout) -> bool:
    """Tell whether a salvage or restore is making another catalog, or was killed when it was."""
    return any(layout.tmp.glob("*.sqlite"))


def cut_short(layout: Layout) -> tuple[Path, ...]:
    """Return the files of catalogs that killed salvages and restores were making; the caller holds the archive's lock.

    A catalog that was finished and only had to be put in place is not among them: the next salvage takes rows from it.
    """
    made = (salvaging(layout), restored(layout))
    return tuple(sorted(path for one in made for path in layout.tmp.glob(f"*{one.name}*")))


def drop_cut_short(layout: Layout) -> None:
    """Remove those files; the caller holds the archive's lock."""
    for path in cut_short(layout):
        remove(path)


def exchange(layout: Layout, made: Path, kept: Path) -> Path | None:
    """Put a finished catalog in place by one rename, while nobody has the one there open.

    These are two renames where the disk does not give back the one there and the file system has no second names.

    Returns:
        Where the one that was there lies now, with what was left in its log; None when there was none.

    Raises:
        OSError: the system refused; the one that was there is in place.
    """
    if not layout.catalog.exists():
        _bring_in(layout, made)
        return None
    log, kept_log = Path(f"{layout.catalog}-wal"), Path(f"{kept}-wal")
    is_moved = False
    try:
        if log.exists() and log.stat().st_size:  # what is left in it nobody could bring into the file
            is_moved |= _keep(log, kept_log)
        is_moved |= _keep(layout.catalog, kept)
        _bring_in(layout, made)
    except BaseException:
        for name, place in ((kept_log, log), (kept, layout.catalog)) if is_moved else ():
            if name.exists() and not place.exists():
                replace(name, place)
        raise
    return kept


def _bring_in(layout: Layout, made: Path) -> None:
    for end in _BESIDE:  # before the rename: a new catalog must never meet the log of another
        remove(Path(f"{layout.catalog}{end}"))
    replace(made, layout.catalog)


def is_taken_away(layout: Layout, copy: Path) -> bool:
    """Tell whether a catalog was moved away for a copy that was not put in place: nothing is, and it was kept last."""
    return not layout.catalog.exists() and max(damaged_copies(layout), key=number_of, default=None) == copy


def _keep(path: Path, kept: Path) -> bool:
    """Give a file a second name, under which it appears whole and durable; where it has that already, it stays so.

    Returns:
        Whether it was moved there instead: it can get no second name, and the disk does not give it back for a copy.
    """
    part = kept.with_name(f".{kept.name}.part")
    remove(part)
    try:
        link(path, part)
    except OSError as error:
        remove(part)
        if error.errno != EIO:
            raise
        replace(path, kept)
        return True
    if not part.samefile(path):  # a copy, where the file system has no links
        sync_file(part)
    replace(part, kept)
    remove(part)  # renaming one name of a file onto another does nothing
    return False


@contextmanager
def rewriting(copy: Path) -> Iterator[Transaction]:
    """Change a copy of the catalog and write its file anew; it gets the newest schema.

    Raises:
        ArchiveError: it is none, or cannot be read or written.
    """
    point("rewrite", copy)
    with plainly(copy), closing(connect(copy, "rw")) as connection:
        _check(connection, copy)
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA secure_delete=ON")
        migrate(connection)
        with undone_unless_whole(connection):
            yield Transaction(connection)
        point("vacuum", copy)
        connection.execute("VACUUM")


@contextmanager
def reading(copy: Path, *, immutable: bool = False) -> Iterator[Transaction]:
    """Read a copy of the catalog; ``immutable``, where nobody can be writing to it, without waiting for anybody.

    Raises:
        ArchiveError: it is none, or cannot be read.
        OSError: the system does not let it be read.
    """
    with plainly(copy), closing(connect(copy, "ro", immutable=immutable)) as connection:
        _check(connection, copy)
        yield Transaction(connection)


def told_by_copies(layout: Layout, owner: str | None, tell: Callable[[Path, Transaction], Told]) -> list[Told]:
    """Return what each copy in the folder that is one of an archive tells, in the order in which they were made.

    Nobody is waited for: no copy is changed without the archive's lock, and whoever does not hold it proves what it
    reads. A copy that cannot be read is passed over.

    Args:
        layout: of the archive.
        owner: its identifier, None where that is not known.
        tell: reads a copy.
    """
    told = list[Told]()
    for path in sorted(copies(layout), key=number_of):
        with suppress(ArchiveError, OSError), unread_is_damage(path), reading(path, immutable=True) as copy:
            if owner is None or _owner(copy) in (None, owner):
                told.append(tell(path, copy))
    return told


def _owner(copy: Transaction) -> str | None:
    """Return the identifier of the archive that a copy says it is of, None where it does not, or not as written."""
    row = copy.row(f"{META.everything} WHERE name = ?", (meta.ARCHIVE,))
    return str(row[1]) if row is not None and is_sound(META, row) else None


def readable(copy: Path) -> bool:
    """Tell whether a copy is one."""
    try:
        with unread_is_damage(copy), reading(copy) as reader:
            versions.keys(reader)
    except ArchiveError:
        return False
    return True


def _check(connection: sqlite3.Connection, copy: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise Damaged(f"{copy} is not a copy of the catalog.", remedy=Remedy(Action.UPDATE))
