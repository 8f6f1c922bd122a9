"""An archive whose catalog is put back, purged from and kept in by hand, in whatever order a test wants."""

from __future__ import annotations

from pathlib import Path

from archive import Archive
from index import passage_rule, verify
from index.indexing.purge import purge
from index.maintenance.backup import backup_catalog
from tests.index.maintenance.test_older_catalog import named, put_back
from tests.index.world import CheapEncoder, World


class Newsroom:
    """An archive of three articles, and what a person does with it by hand."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self._folder = world, folder
        for name in ("ferry", "quarry", "tram"):
            world.put(name, f"Report of the {name}\n\nThe {name} was seen again.\n")
        self.update()
        self.quarry, self.tram, self.ferry = (
            named(world, f"Report of the {one}") for one in ("quarry", "tram", "ferry")
        )

    def update(self) -> None:
        self.world.add()
        self.world.build()

    @property
    def catalog(self) -> Path:
        return self.world.root / "catalog.sqlite"

    def another(self, folder: Path) -> Newsroom:
        """Return another archive, in which more was kept."""
        (folder / "other").mkdir()
        other = World(folder / "other", self.world.model)
        other.put("windmill", "Report of the windmill\n\nThe windmill was seen.\n")
        room = Newsroom(other, self._folder)
        for note in ("of another", "archive"):
            room.clip(room.tram, note)
        return room

    def save(self, name: str) -> Path:
        """Copy the catalog to somewhere else, whole."""
        with Archive.open(self.world.root) as archive:
            archive.copy_catalog(self._folder / name)
        return self._folder / name

    def put(self, copy: Path) -> None:
        put_back(self.world, copy)

    def backup(self, times: int = 1) -> Path:
        with Archive.open(self.world.root) as archive:
            return [backup_catalog(archive).path for _ in range(times)][-1]

    def bump(self) -> None:
        """Raise the change number."""
        with Archive.open(self.world.root) as archive:
            archive.remove(self.ferry)
            archive.restore(self.ferry)

    def purge(self, article: str) -> None:
        with Archive.open(self.world.root) as archive:
            purge(archive, article, encoder=CheapEncoder)

    def take_in_again(self, name: str) -> None:
        with Archive.open(self.world.root) as archive:
            archive.add([self.world.folder / f"{name}.txt"], passage_rule(archive.settings), purged=True)
        self.world.build()

    def clip(self, article: str, note: str) -> str:
        with Archive.open(self.world.root) as archive:
            return archive.notebook.add_clip(article, archive.article(article).version, 0, 6, note=note).id

    def note(self, clip: str, note: str) -> None:
        with Archive.open(self.world.root) as archive:
            archive.notebook.note_clip(clip, note)

    @property
    def clips(self) -> list[tuple[str, str]]:
        """Words and notes of the clips in view."""
        with Archive.open(self.world.root) as archive:
            return [(clip.text or "", clip.note) for clip in archive.notebook.clips()]

    @property
    def problems(self) -> list[str]:
        with Archive.open(self.world.root) as archive:
            return [problem.what for problem in verify(archive).problems]
