"""A folder of articles and an archive beside it, for tests of what happens to articles as files change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import Archive, Article, IngestReport, word_rule
from archive.core.article import Refusal
from archive.folder.layout import Layout

TEXT = "The ministers met on {} and agreed to meet again. The river towns will get their money in spring."


@dataclass(slots=True)
class World:
    """A folder, and an archive that reads it; after ``close`` it is opened again when it is used."""

    folder: Path
    root: Path
    opened: Archive | None = None

    @property
    def archive(self) -> Archive:
        """Give the archive, opened."""
        self.opened = self.opened or Archive.open(self.root)
        return self.opened

    @property
    def layout(self) -> Layout:
        """Give the places of what an archive consists of, open or closed."""
        return Layout(self.root)

    def close(self) -> None:
        """Close the archive."""
        if self.opened is not None:
            self.opened.close()
        self.opened = None

    def write(self, name: str, text: str) -> Path:
        """Write a file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def tell(self, name: str, day: str) -> Path:
        """Write a file that holds an article of its own."""
        return self.write(name, TEXT.format(day))

    def lines(self, name: str, *records: dict[str, str]) -> Path:
        """Write a file of JSON Lines."""
        return self.write(name, "".join(f"{json.dumps(record)}\n" for record in records))

    def add(self, *paths: Path) -> IngestReport:
        """Add paths, else the whole folder."""
        return self.archive.add(paths or [self.folder], word_rule())

    def update(self, *sources: str) -> IngestReport:
        """Look again at the sources."""
        return self.archive.update(word_rule(), sources=sources)

    def articles(self) -> dict[str, Article]:
        """Give the articles by their path below the folder, and their record."""
        return {self.name(one): one for one in self.archive.articles()}

    def name(self, one: Article) -> str:
        """Name an article by where it is."""
        path = Path(one.path)
        short = path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else str(path)
        return f"{short}#{one.record}" if one.record else short

    def ids(self) -> dict[str, str]:
        """Give the identifiers of the articles by where they are."""
        return {name: one.id for name, one in self.articles().items()}

    def text(self, name: str) -> str:
        """Give the current text of an article."""
        one = self.articles()[name]
        return self.archive.version(one.id, one.version).text


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty folder and an empty archive."""
    (tmp_path / "news").mkdir()
    made = World(tmp_path / "news", tmp_path / "archive", Archive.create(tmp_path / "archive"))
    yield made
    assert list(made.archive.check()) == []
    made.close()


def counts(report: IngestReport) -> dict[str, int]:
    names = ("added", "changed", "unchanged", "moved", "missing")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def codes(refusals: tuple[Refusal, ...]) -> list[tuple[str, str | None, str]]:
    return [(Path(one.path).name, one.record, one.code) for one in refusals]


def change(archive: Archive) -> int:
    with archive.snapshot() as snapshot:
        return snapshot.change


def page(url: str, text: str) -> dict[str, str]:
    return {"title": "Talks", "url": url, "text": text}
