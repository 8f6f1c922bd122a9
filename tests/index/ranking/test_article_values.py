"""What articles are known by: hosts for unknown outlets, names that count as one, sources that are told apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from archive import Archive
from archive.core.article import Source
from index import build, passage_rule
from index.contracts.conditions import Attribute
from index.embedding.model import Model
from index.generations.columns import Columns, open_columns
from index.generations.generation import COLUMNS
from index.ranking.article_values import ArticleValues
from tests.archives import empty_archive
from tests.index.world import CheapEncoder

ARTICLES = (
    ("one/a", "Harbour Post", "https://www.post.example.org/1"),
    ("one/a", "HARBOUR  POST", None),
    ("one/a", "Harbour Post", None),
    ("two/a", None, "https://www.post.example.org/2"),
    ("two/a", None, "https://post.example.org:8080/3"),
    ("three", None, None),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("values")


@pytest.fixture(scope="module")
def columns(folder: Path, model: Model) -> Columns:
    for number, (place, outlet, url) in enumerate(ARTICLES):
        dated = "2022-01-05" if number == 5 else None
        facts = {"outlet": outlet, "url": url, "id": str(number), "title": str(number), "date": dated}
        made = {name: value for name, value in facts.items() if value} | {"text": f"The council met, report {number}."}
        path = folder / place
        path.mkdir(parents=True, exist_ok=True)
        (path / f"{number}.jsonl").write_text(json.dumps(made), "utf-8")
    with Archive.open(empty_archive(folder / "archive")) as archive:
        archive.add([folder / "one" / "a", folder / "two" / "a", folder / "three"], passage_rule(archive.settings))
        build(archive, encoder=lambda _: CheapEncoder(model))
    return open_columns(folder / "archive" / "generations" / "000001" / COLUMNS)


def names(values: ArticleValues, columns: Columns, attribute: Attribute) -> dict[str, str | None]:
    coded = values.named(attribute)
    titles = columns.texts["title"]
    return {titles[row] or "": coded.values[code] for row, code in enumerate(coded.codes.tolist())}


def called(values: ArticleValues, columns: Columns, attribute: Attribute, name: str | None) -> str:
    """Return the titles of the articles that have a value of this name."""
    found = np.flatnonzero(values.called(attribute, name)).tolist()
    return " ".join(sorted(columns.texts["title"][row] or "" for row in found))


def test_an_unknown_outlet_is_the_host_and_spellings_of_a_name_are_one(columns: Columns) -> None:
    values = ArticleValues(columns)
    post, site = "Harbour Post", "post.example.org"
    named = {"0": post, "1": post, "2": post, "3": site, "4": site, "5": None}
    assert names(values, columns, Attribute.OUTLET) == named
    assert called(values, columns, Attribute.OUTLET, "harbour POST") == "0 1 2"
    assert called(values, columns, Attribute.OUTLET, None) == "5"
    assert called(values, columns, Attribute.OUTLET, "Harbour") == ""


def test_a_source_answers_to_its_name_root_and_identifier_and_is_told_from_others(
    columns: Columns, folder: Path
) -> None:
    one, two = Source("abc1234", f"{folder}/one/a", ""), Source("def5678", f"{folder}/two/a", "")
    values = ArticleValues(columns, lambda: (one, two))
    named = names(values, columns, Attribute.SOURCE)
    assert named == {**dict.fromkeys("012", one.root), **dict.fromkeys("34", two.root), "5": None}
    assert called(values, columns, Attribute.SOURCE, "a") == "0 1 2 3 4"
    assert called(values, columns, Attribute.SOURCE, one.root) == "0 1 2"
    assert called(values, columns, Attribute.SOURCE, "DEF5678") == "3 4"
    assert called(values, columns, Attribute.SOURCE, None) == "5"
    alone = ArticleValues(columns, lambda: (one, Source("def5678", f"{folder}/three", "")))
    assert names(alone, columns, Attribute.SOURCE)["0"] == "a"
    assert names(alone, columns, Attribute.SOURCE)["5"] == "three"


def test_a_source_keeps_its_name_when_another_of_that_name_is_added(columns: Columns, folder: Path) -> None:
    added = [Source("abc1234", f"{folder}/one/a", "")]
    values = ArticleValues(columns, lambda: added)
    assert names(values, columns, Attribute.SOURCE)["0"] == "a"
    added.append(Source("def5678", f"{folder}/two/a", ""))
    assert called(values, columns, Attribute.SOURCE, "a") == "0 1 2"


def test_each_known_date_is_of_some_kind(columns: Columns) -> None:
    kinds = names(ArticleValues(columns), columns, Attribute.DATED)
    assert kinds.pop("5") == "metadata"
    assert set(kinds.values()) == {None}


def test_a_source_in_a_folder_at_the_root_and_files_holds_its_paths(columns: Columns, folder: Path) -> None:
    sources = [Source("f", f"{folder}/one/a/0.jsonl", ""), Source("r", "/", "")]
    values = ArticleValues(columns, lambda: sources)
    assert names(values, columns, Attribute.SOURCE)["0"] == "0.jsonl"
    assert names(values, columns, Attribute.SOURCE)["1"] == "/"
