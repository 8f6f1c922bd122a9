from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.core.article import Article, Indexable, Passage, Version
from archive.core.errors import Action, Damaged, Remedy
from index.analysis.analyzer import words
from index.generations.columns import ColumnsWriter, TextColumn, copy_key, open_columns


def item(number: int, passages: int, title: str = "Title", outlet: str | None = None, **more: str | None) -> Indexable:
    ident, digest = f"{number:016x}", f"{number:064x}"
    article = Article(
        ident, digest, title, outlet, more.get("author"), more.get("url"), more.get("published"), None,
        more.get("language"), f"/news/{number}.txt", more.get("record"), gone=number % 2 == 1,
    )  # fmt: skip
    text = " ".join(f"sentence {at} of {number}." for at in range(passages))
    cut = tuple(Passage(f"{number:08x}{at:08x}", ident, digest, at, at + 5, f"words {at}") for at in range(passages))
    return Indexable(article, Version(ident, digest, text, (), "2022", "text/1", "00"), cut)


def written(folder: Path, items: list[Indexable]) -> Path:
    writer = ColumnsWriter(folder)
    for one in items:
        writer.add(one, [copy_key(" ".join(words(passage.text).folded)) for passage in one.passages])
    writer.finish()
    return folder


ITEMS = [
    item(1, 2, "Schöne Grüße", "东方日报", author="", language="de"),
    item(2, 0, outlet=None, published="2022-01-01"),
    item(3, 3, "\u202f🗞", record="line\n7", url="https://example.org/ä", language="en"),
]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    columns = open_columns(written(tmp_path / "columns", ITEMS))
    assert (columns.articles, columns.passages) == (3, 5)
    assert [columns.article(at) for at in range(3)] == [one.article for one in ITEMS]
    assert [columns.passage_id(at) for at in range(5)] == [one.id for each in ITEMS for one in each.passages]
    assert columns.article_of.tolist() == [0, 0, 2, 2, 2]
    assert columns.first_passages.tolist() == [0, 2, 2, 5]
    assert columns.starts.tolist() == [0, 1, 0, 1, 2]
    assert columns.languages() == ("de", "en")


def test_nothing_and_an_empty_text_are_told_apart(tmp_path: Path) -> None:
    columns = open_columns(written(tmp_path / "columns", ITEMS))
    assert [columns.texts["author"][at] for at in range(3)] == ["", None, None]


def test_a_digest_that_ends_in_zeros_is_kept(tmp_path: Path) -> None:
    one = item(1, 1)
    zeros = "ab" + "0" * 62
    changed = Indexable(
        Article(**{name: getattr(one.article, name) for name in Article.__slots__} | {"version": zeros}),
        one.version,
        one.passages,
    )
    columns = open_columns(written(tmp_path / "columns", [changed]))
    assert columns.version(0) == zeros


@given(st.lists(st.none() | st.text(max_size=20), min_size=1, max_size=8))
def test_any_texts_are_read_back(tmp_path_factory: pytest.TempPathFactory, values: list[str | None]) -> None:
    folder = tmp_path_factory.mktemp("columns") / "columns"
    columns = open_columns(written(folder, [item(at, 1, outlet=value) for at, value in enumerate(values)]))
    assert [columns.texts["outlet"][at] for at in range(len(values))] == [
        None if value is None else value.encode("utf-8", "replace").decode() for value in values
    ]


def test_no_articles_make_empty_columns(tmp_path: Path) -> None:
    columns = open_columns(written(tmp_path / "columns", []))
    assert (columns.articles, columns.passages, columns.languages()) == (0, 0, ())


def test_passages_of_articles_are_listed_in_order(tmp_path: Path) -> None:
    columns = open_columns(written(tmp_path / "columns", ITEMS))
    assert columns.passages_of(np.array([2, 0], np.int64)).tolist() == [0, 1, 2, 3, 4]
    assert columns.passages_of(np.array([1], np.int64)).tolist() == []
    assert columns.passages_of(np.empty(0, np.int64)).tolist() == []


def test_copies_are_told_by_their_words() -> None:
    keys = [
        copy_key(" ".join(words(text).folded))
        for text in ("The plan, he said.", "the plan -- He Said", "The plan, she said.")
    ]
    assert keys[0] == keys[1] != keys[2]


def test_every_missing_or_cut_file_is_damage(tmp_path: Path) -> None:
    whole = written(tmp_path / "columns", ITEMS)
    names = sorted(path.name for path in whole.iterdir())
    assert len(names) > 20
    for name in names:
        for spoil in (
            Path.unlink,
            lambda path: path.write_bytes(b""),
            lambda path: path.write_bytes(b"\x93NUMPY junk"),
        ):
            copy = Path(shutil.copytree(whole, tmp_path / "copy"))
            spoil(copy / name)
            if (copy / name).exists() and (copy / name).read_bytes() == (whole / name).read_bytes():
                continue
            with pytest.raises(Damaged) as told:
                open_columns(copy)
            assert told.value.remedy == Remedy(Action.REBUILD)
            shutil.rmtree(copy)


@pytest.mark.parametrize("name", ["starts", "passage_ids", "versions", "gone", "first_passages", "title.ends"])
def test_columns_of_other_lengths_are_damage(name: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "columns", ITEMS)
    held = np.load(folder / f"{name}.npy")
    np.save(folder / f"{name}.npy", held[:-1])
    with pytest.raises(Damaged, match="do not agree"):
        open_columns(folder)


def test_a_stray_array_is_damage(tmp_path: Path) -> None:
    folder = written(tmp_path / "columns", ITEMS)
    np.save(folder / "stray.npy", np.zeros(3))
    with pytest.raises(Damaged):
        open_columns(folder)


@given(st.lists(st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20), max_size=30))
def test_strings_as_numbers_sort_as_strings_do(values: list[str | None]) -> None:
    raw = [b"\0" if value is None else value.encode() for value in values]
    column = TextColumn(np.frombuffer(b"".join(raw), np.uint8), np.cumsum([len(one) for one in raw], dtype=np.int64))
    rows = np.flatnonzero(np.random.default_rng(len(raw)).random(len(raw)) < 0.8)
    order = rows[np.lexsort(column.words(rows)[::-1])] if len(rows) else rows
    assert [values[at] or "" for at in order] == sorted(values[at] or "" for at in rows)
