"""An archive that an earlier build made opens, answers and is brought up to date without embedding anything again."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from archive import Archive
from index import Searcher, build, passage_rule, status, verify

MADE = Path(__file__).resolve().parent / "data" / "archive-aa9f448.tar.gz"
QUESTION = "sanctions threats"
ANSWER = ["eb9b7b4394230e48", "e56e710c6a0dfea4", "3e03329deaccae24"]  # as that build gave it


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The folder of an archive of seven articles, one of them edited since; its source, ``news``, lies beside it."""
    with tarfile.open(MADE) as packed:
        packed.extractall(tmp_path, filter="data")
    (tmp_path / "archive" / "LOCK").touch()
    return tmp_path / "archive"


def answer(root: Path) -> list[str]:
    with Searcher.open(root) as searcher:
        return [hit.passage.id for hit in searcher.search(QUESTION, k=3)]


def test_it_opens_and_answers_as_it_did(earlier: Path) -> None:
    assert answer(earlier) == ANSWER
    with Archive.open(earlier) as archive:
        assert verify(archive).problems == ()
        assert status(archive).behind == 0


def test_it_is_brought_up_to_date_and_nothing_is_embedded(earlier: Path) -> None:
    with Archive.open(earlier) as archive:
        report = archive.add([earlier.parent / "news"], passage_rule(archive.settings))
        assert (report.added, report.changed, report.refusals) == (0, 0, ())
        made = build(archive)
        assert made.embedded == 0
        assert verify(archive).problems == ()
    assert answer(earlier) == ANSWER


def test_a_new_article_joins_it(earlier: Path) -> None:
    news = earlier.parent / "news"
    (news / "new.txt").write_text(
        "Lighthouse keeper retires\n\nThe keeper of the north light retires in May.\n", "utf-8"
    )
    with Archive.open(earlier) as archive:
        report = archive.add([news], passage_rule(archive.settings))
        assert report.added == 1
        assert build(archive).embedded == 1
    with Searcher.open(earlier) as searcher:
        assert searcher.search("lighthouse keeper", k=1).hits[0].article.title == "Lighthouse keeper retires"


def test_an_earlier_version_of_an_edited_article_stays_readable(earlier: Path) -> None:
    with Archive.open(earlier) as archive:
        (edited,) = (one for one in archive.articles() if one.path.endswith("harbour.md"))
        texts = [version.text for version in archive.versions(edited.id)]
    assert len(texts) == 2
    assert [text.count("The council will decide on the waiver") for text in texts] == [0, 1]
