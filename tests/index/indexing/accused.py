"""An archive with one article that will have to go, and what tests of purging do with it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from archive import Archive, IngestReport
from archive.catalog.database import Catalog
from index import build as build_index
from index import passage_rule, verify
from index.embedding.model import Model
from index.indexing.purge import PurgeReport, purge
from tests.index.world import CheapEncoder, World

SENTENCE = "Zebedee Quillfeather was never at the quarry"
TITLE = "Accusation at Marrowby quarry"
URL = "https://paper.example/marrowby-quarry-accusation"
SECRETS = (SENTENCE, TITLE, URL, "marrowby-quarry-accusation", "secret-dossier", "Quillfeather")


def accused(tmp_path: Path, model: Model) -> World:
    made = World(tmp_path, model)
    made.put_many(10)
    (made.folder / "secret-dossier.md").write_text(
        f"---\ntitle: {TITLE}\nurl: {URL}\n---\n{SENTENCE} on Monday.\n", "utf-8"
    )
    made.add()
    return made


def backup(world: World, name: str = "catalog-version-2.sqlite") -> Path:
    folder = world.root / "backups"
    folder.mkdir(exist_ok=True)
    with Catalog(world.root / "catalog.sqlite") as catalog:
        catalog.backup(folder / name)
    return folder / name


def article_id(world: World, title: str = TITLE) -> str:
    with Archive.open(world.root) as archive:
        return next(one.id for one in archive.articles() if one.title == title)


def purged(world: World, one: str) -> PurgeReport:
    with Archive.open(world.root) as archive:
        return purge(archive, one, encoder=CheapEncoder)


def added(world: World, *, again: bool = False) -> IngestReport:
    with Archive.open(world.root) as archive:
        found = archive.add([world.folder], passage_rule(archive.settings), purged=again)
        build_index(archive, encoder=CheapEncoder)
        return found


def updated(world: World) -> IngestReport:
    with Archive.open(world.root) as archive:
        return archive.update(passage_rule(archive.settings))


def problems(world: World) -> list[tuple[str, str]]:
    with Archive.open(world.root) as archive:
        return [(one.code, one.file) for one in verify(archive).problems]


def found_in(root: Path, *secrets: str) -> set[str]:
    """Search every byte of the archive folder, as text and as UTF-16."""
    wanted = [secret.encode(code) for secret in secrets for code in ("utf-8", "utf-16-le")]
    wanted += [one.lower() for one in wanted]
    files = [path for path in root.rglob("*") if path.is_file()]
    found = set()
    for path in files:
        with suppress(FileNotFoundError):  # of a folder that other tests share, in which notes come and go
            raw = path.read_bytes()
            found |= {path.relative_to(root).as_posix()} if any(one in raw for one in wanted) else set()
    return found
