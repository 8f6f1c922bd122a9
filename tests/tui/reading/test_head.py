"""The head of an article at any width: the place to cite, the date and the place on the list are never cut."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.article import Article, Part, Passage, Version
from index import Hit
from index.query.parser import parse
from tui.app.view.article_page import Page
from tui.app.view.head import head, middle, title_line
from tui.formats.wrapping import cells

NAMES = st.none() | st.text(alphabet="abc 漢é", min_size=1, max_size=60)


def page(
    outlet: str | None = None,
    author: str | None = None,
    url: str | None = None,
    folder: str = "news",
    record: str | None = "15",
    reason: str = "matches “sanctions”; 1st by words",
) -> Page:
    text = "The zeppelin landed. " * 60
    article = Article(
        "a" * 16, "d" * 64, "Title", outlet, author, url, "2022-01-07", "url", "en", f"/{folder}/docs.jsonl", record
    )
    version = Version(article.id, article.version, text, (), "2022-01-01T00:00:00Z", "text/1", "e" * 64)
    passages = tuple(
        Passage(str(at), article.id, version.digest, at, at + 20, text[at : at + 20]) for at in range(0, 210, 21)
    )
    hit = Hit(3, passages[4], article, 1.0, None, None, (), reason, part=Part(0, "page", "7"))
    return Page(hit, article, version, passages, (), whole=True, query=parse("sanctions threats"))


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES, NAMES, st.text(alphabet="abc/漢", max_size=90), st.integers(58, 200), st.integers(3, 4))
def test_what_a_citation_needs_is_never_cut(
    outlet: str | None, author: str | None, url: str | None, folder: str, width: int, count: int
) -> None:
    shown = head(page(outlet, author, url, folder), "63", width, count)

    assert len(shown) == count
    assert all(cells(line) <= width for line in shown)
    assert shown[title_line(count)] == "Title"
    assert any("docs.jsonl #15, page 7 ¶5 84-104" in line for line in shown)
    assert any("2022-01-07 (found in the address)" in line for line in shown)
    assert any("3 of 63" in line for line in shown)
    assert any("why: m" in line for line in shown)


def test_with_room_everything_is_told() -> None:
    shown = head(page("Herald", "A. Author", "https://www.herald.example/2022/sanctions"), "20+", 120)

    assert shown == (
        "sanctions threats · 3 of 20+ · why: matches “sanctions”; 1st by words",
        "Title",
        "Herald · 2022-01-07 (found in the address) · A. Author",
        "herald.example/2022/sanctions · /news/docs.jsonl #15, page 7 ¶5 84-104",
    )


def test_what_is_worth_least_is_cut_first_and_in_its_middle() -> None:
    shown = head(page("Herald", "Somebody Whose Name Is Long", "https://herald.example/a/very/long/address"), "20+", 60)

    assert shown[2] == "Herald · 2022-01-07 (found in the address) · Somebod…Is Long"
    assert shown[3].startswith("herald.ex…g/address · ")
    assert shown[3].endswith("/news/docs.jsonl #15, page 7 ¶5 84-104")


def test_a_record_that_takes_more_than_the_line_keeps_its_ends() -> None:
    assert cells(head(page(record="x" * 300), "20+", 60)[3]) <= 60


@given(st.text(alphabet="ab漢é", max_size=30), st.integers(0, 40), st.integers(0, 40))
def test_a_text_is_cut_in_its_middle(text: str, width: int, tail: int) -> None:
    cut = middle(text, width, tail)

    assert cells(cut) <= width
    assert cut == text if cells(text) <= width else "…" in cut or not width
    before, _, after = cut.partition("…")
    assert text.startswith(before)
    assert text.endswith(after)
