"""Markup in the text of a record becomes words; prose stays as it stands, whatever signs it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, Outdated, word_rule
from archive.core.article import Draft, Refusal
from archive.readers import READERS, Limits, read, release
from archive.readers.common import digest

LONG = "The ferry company of Quell said on Friday that its oldest boat would stay in dock until the spring. " * 4


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    release()


def item(tmp_path: Path, **record: object) -> Draft | Refusal:
    path = tmp_path / "feed.jsonl"
    path.write_text(json.dumps(record), "utf-8")
    (only,) = read(path, Limits())
    return only


def draft(tmp_path: Path, **record: object) -> Draft:
    found = item(tmp_path, **record)
    assert isinstance(found, Draft), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "If a < b and c > d, AT&T wins; R&D too.",
        "Set the <b> tag, she said, or <i>.",
        "Write to <desk@quell.example> or see <https://quell.example>.",
        "x<y and y>z; &copy of it; 5 <a 6> 7",
        "&notaword; stays, and &#xfffffff; too",
        "<3 for the ferry & its crew",
        "# A heading\n\n- a *list* of `code` & [links](https://quell.example?a=1&b=2)",
        "Cost: 3 &4; done",
    ],
)
def test_prose_stays_code_point_for_code_point(tmp_path: Path, text: str) -> None:
    found = draft(tmp_path, text=text)
    assert (found.text, found.reader) == (text, "jsonl/3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The boat&#8217;s mate &amp; crew &mdash; all &ldquo;home&rdquo;", "The boat’s mate & crew — all “home”"),
        ("R&amp;amp;D costs &euro;5", "R&D costs €5"),
        ("Fog&nbsp;came &lt;early&gt;", "Fog\xa0came <early>"),
        ("a &#27;[2J b", "a [2J b"),
    ],
)
def test_entities_in_prose_are_what_they_stand_for(tmp_path: Path, text: str, words: str) -> None:
    found = draft(tmp_path, text=text)
    assert (found.text, found.reader) == (words, "jsonl/3")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>One.</p><p>Two &amp; three.</p>", "One.\n\nTwo & three."),
        ("<p>One<p>Two", "One\n\nTwo"),
        ("One line.<br>And one.<br/><br />Last <b>word</b>.", "One line.\n\nAnd one.\n\nLast word."),
        ('One <a href="https://quell.example/?a=1&b=2" rel="nofollow">word</a>.\n\nTwo.', "One word.\n\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;\n&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("<ul><li>First</li><li>Second</li></ul>", "- First\n\n- Second"),
        ("<!-- wp:paragraph -->\n<p>One.</p>\n<!-- /wp:paragraph -->", "One."),
        ("Words <script>alert('no')</script><style>p {}</style>only", "Words only"),
        (f"<h2>Dock</h2><p>{LONG}</p><p>Ends <em>here</em>.</p>", f"Dock\n\n{LONG.strip()}\n\nEnds here."),
        (f"<html><body><article><p>{LONG}</p></article></body></html>", LONG.strip()),
    ],
)
def test_markup_becomes_its_words(tmp_path: Path, markup: str, words: str) -> None:
    found = draft(tmp_path, text=markup)
    assert found.text == words
    ours, pages, *_ = found.reader.split(" ")
    assert (ours, pages) == ("jsonl/3", next(reader.label for reader in READERS if reader.name == "html"))


def test_neither_tags_nor_addresses_of_pictures_are_kept(tmp_path: Path) -> None:
    picture = '<figure><img src="https://pics.example/7.jpg" alt="The dock"/><figcaption>The dock</figcaption></figure>'
    found = draft(tmp_path, text=f'{picture}<p class="lead">{LONG}</p><p>The boat&#8217;s mate left.</p>')
    assert not any(sign in found.text for sign in ("<", "&#", "pics.example", "class="))
    assert found.text.endswith("\n\nThe boat’s mate left.")


def test_a_record_with_markup_keeps_what_it_states_and_its_own_digest(tmp_path: Path) -> None:
    record = {"id": "q", "title": "Boat &amp; <em>dock</em>", "text": f"<p>{LONG}</p>", "source": "Quell &amp; Isle"}
    found = draft(tmp_path, **record)
    assert (found.title, found.outlet, found.record) == ("Boat & dock", "Quell & Isle", "q")
    assert found.raw_digest == digest(json.dumps(record).encode())


def test_markup_without_words_is_refused_in_the_name_of_its_record(tmp_path: Path) -> None:
    found = item(tmp_path, id="q", text='<p><img src="https://pics.example/7.jpg"></p>')
    assert found == Refusal(
        str(tmp_path / "feed.jsonl"), "q", "no-text", "Its text is markup in which no words were found."
    )


def test_markup_that_takes_too_long_costs_only_its_record(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    deep = "<div>" * 30_000 + "words" + "</div>" * 30_000
    path.write_text("\n".join(json.dumps({"text": text}) for text in (deep, "<p>One.</p>")), "utf-8")
    first, second = read(path, Limits())
    assert isinstance(first, Refusal)
    assert (first.path, first.record, first.code) == (str(path), "1", "too-complex")
    assert isinstance(second, Draft)


@pytest.mark.parametrize("text", ['<a b="' * 200_000, "<a " + "a " * 500_000, "<p " * 300_000, "&amp" * 500_000])
def test_hostile_markup_is_told_from_prose_in_no_time(tmp_path: Path, text: str) -> None:
    assert draft(tmp_path, text=text).text


def test_what_an_older_reader_of_pages_made_of_markup_is_made_anew(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    records = [{"id": "plain", "text": LONG}, {"id": "marked", "text": f"<p>{LONG}</p><p>Ends.</p>"}]
    (news / "feed.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    root = tmp_path / "archive"
    with Archive.create(root) as archive:
        archive.add([news], word_rule(), jobs=1)
        assert archive.outdated().articles == 0
    newer = tuple(replace(row, version=row.version + 1) if row.name == "html" else row for row in READERS)
    with Archive.open(root, readers=newer) as archive:
        assert archive.outdated() == Outdated(1, archive.outdated().passages, 2)
        archive.update(word_rule(), jobs=1, confirm=lambda _: True)
        assert archive.outdated().articles == 0
