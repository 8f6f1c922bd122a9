from __future__ import annotations

from pathlib import Path

import pytest

from archive.core.article import Draft
from archive.core.spans import without
from archive.ingest.prepare import Preparation, prepare
from archive.readers import Limits, html
from archive.text.chunking import word_rule

CLOSED = "The council closed the old bridge to lorries on Monday, until its pillars have been examined by divers."
CRACKS = "Engineers found cracks in two of the six pillars in autumn, and a third was reported to the ministry."
SHOPS = "Shops on the island will be paid for what they lose while the work goes on, the mayor said on Tuesday."
BODY = "".join(f"<p>{text}</p>" for text in (CLOSED, CRACKS, SHOPS))


def draft(tmp_path: Path, body: str, head: str = "") -> Draft:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><html><head><title>Bridge closes</title>{head}</head><body>{body}</body></html>")
    (item,) = html.read(page, Limits())
    assert isinstance(item, Draft)
    return item


def text(tmp_path: Path, body: str) -> list[str]:
    found = draft(tmp_path, body)
    return [line for line in without(found.text, found.hidden).split("\n\n") if line.strip()]


@pytest.mark.parametrize(
    ("quotation", "lines"),
    [
        (
            "<blockquote><p>We saw it coming.</p><footer>Karin Oduya, mayor</footer></blockquote>",
            ["We saw it coming.", "Karin Oduya, mayor"],
        ),
        (
            "<blockquote><p>We saw it coming.</p><footer>— <cite>Karin Oduya</cite>, mayor</footer></blockquote>",
            ["We saw it coming.", "— Karin Oduya, mayor"],
        ),
        (
            "<figure><blockquote><p>We saw it coming.</p></blockquote><figcaption>Karin Oduya, mayor"
            "</figcaption></figure>",
            ["We saw it coming.", "Karin Oduya, mayor"],
        ),
        (
            '<figure class="wp-block-pullquote"><blockquote><p>We saw it coming.</p><cite>Karin Oduya</cite>'
            "</blockquote>"
            "</figure>",
            ["We saw it coming.", "Karin Oduya"],
        ),
        ("<blockquote>We saw it coming. <cite>Karin Oduya</cite></blockquote>", ["We saw it coming. Karin Oduya"]),
    ],
)
def test_a_quotation_keeps_its_speaker(tmp_path: Path, quotation: str, lines: list[str]) -> None:
    found = text(tmp_path, f"<article><h1>Bridge closes</h1>{BODY}{quotation}<p>{SHOPS[:60]} again.</p></article>")
    assert found[4:-1] == lines


@pytest.mark.parametrize("tag", ["del", "s", "strike", "span style='text-decoration: line-through'"])
def test_struck_out_words_are_hidden_and_the_sentence_reads_as_corrected(tmp_path: Path, tag: str) -> None:
    end = tag.partition(" ")[0]
    sentence = f"<p>The work costs <{tag}>nine</{end}> <ins>twelve</ins> million euros, the ministry said at noon.</p>"
    found = draft(tmp_path, f"<article><h1>Bridge closes</h1>{BODY}{sentence}<p>{CRACKS} Again.</p></article>")
    assert "The work costs twelve million euros, the ministry said at noon." in without(found.text, found.hidden)
    assert [found.text[span.start : span.end] for span in found.hidden] == ["nine"]


def test_struck_out_paragraphs_items_and_headings_are_hidden(tmp_path: Path) -> None:
    found = draft(
        tmp_path,
        f"<article><h1>Bridge <s>opens</s> closes</h1>{BODY}<p><s>It was built in 1912 by a firm from Ghent.</s></p>"
        f"<del><p>Buses may cross it.</p></del><ul><li><s>Trams</s></li><li>Bicycles may cross.</li></ul>{BODY}"
        "</article>",
    )
    hidden = [found.text[span.start : span.end] for span in found.hidden]
    assert hidden == ["opens", "It was built in 1912 by a firm from Ghent.", "Buses may cross it.", "Trams"]
    assert found.title == "Bridge closes"


def test_struck_out_words_are_in_no_passage_and_do_not_divide_a_sentence(tmp_path: Path) -> None:
    sentence = "<p>The work costs <del>nine</del> twelve million euros, the ministry said.</p>"
    found = draft(tmp_path, f"<article><h1>Bridge closes</h1>{BODY}{sentence}<p>{CRACKS} Again.</p></article>")
    passages = prepare(found, Preparation(word_rule())).passages
    texts = [found.text[span.start : span.end] for span in passages]
    assert sum("The work costs twelve million euros, the ministry said." in text for text in texts) == 1
    assert not any("nine" in text for text in texts)


def test_a_tag_that_strikes_out_all_that_follows_hides_nothing(tmp_path: Path) -> None:
    assert draft(tmp_path, f"<article><h1>Bridge closes</h1><s>{BODY}</article>").hidden == ()


def test_an_article_in_an_aside_is_found_and_not_the_notice_beside_it(tmp_path: Path) -> None:
    notice = "<div class='consent'>We use cookies to count our readers, and so do our partners; please agree.</div>"
    found = text(tmp_path, f"<nav><a href='/'>Home</a></nav><aside><h1>Bridge closes</h1>{BODY}</aside>{notice}")
    assert [line for line in found if line != "Bridge closes"] == [CLOSED, CRACKS, SHOPS]


def test_lists_and_headings_of_a_bare_page_come_out_in_their_place(tmp_path: Path) -> None:
    found = text(
        tmp_path,
        f"<h1>Bridge closes</h1><p>{CLOSED}</p><p>What was decided:</p><ul><li>No lorries</li><li>Buses one by one</li>"
        f"</ul><h2>The cracks</h2><p>{CRACKS}</p><p>{SHOPS}</p><ol><li>Bakers first</li><li>Butchers next</li></ol>"
        "<div class='related'><ul><li><a href='/x'>Another story</a></li></ul></div>",
    )
    assert found[-9:] == [
        CLOSED,
        "What was decided:",
        "- No lorries",
        "- Buses one by one",
        "The cracks",
        CRACKS,
        SHOPS,
        "- Bakers first",
        "- Butchers next",
    ]


def test_headings_and_times_of_a_live_blog_come_out(tmp_path: Path) -> None:
    names, texts = ("Divers arrive", "Shops protest", "Council votes"), (CLOSED, CRACKS, SHOPS)
    entries = zip(("11:40", "10:05", "9:30"), names, texts, strict=True)
    body = "".join(
        f"<div class='entry'><time datetime='2021-05-17T{time:0>5}'>{time}</time><h3>{heading}</h3><p>{text}</p></div>"
        for time, heading, text in entries
    )
    found = text(tmp_path, f"<main><h1>Bridge closes: live</h1><div class='live-blog'>{body}</div></main>")
    assert [line for line in found if len(line) < 20 and "live" not in line] == [
        *("11:40", "Divers arrive", "10:05", "Shops protest", "9:30", "Council votes")
    ]


def test_a_lead_and_a_box_of_facts_come_out_in_their_place(tmp_path: Path) -> None:
    lead = "<p>All that is known of the closing, and what comes next.</p>"
    box = "<aside class='factbox'><h3>The bridge</h3><p>It was built in 1912 by a firm from Ghent.</p></aside>"
    quotation = "<aside class='pullquote'><p>It was built in 1912</p></aside>"
    entries = "".join(f"<section><div>{text}</div></section>" for text in (CRACKS, SHOPS))
    found = text(tmp_path, f"<article><h1>Bridge closes</h1>{lead}<p>{CLOSED}</p>{box}{quotation}{entries}</article>")
    assert found[-6:] == [
        "All that is known of the closing, and what comes next.",
        CLOSED,
        "The bridge",
        "It was built in 1912 by a firm from Ghent.",
        CRACKS,
        SHOPS,
    ]


def test_the_title_is_none_of_another_object_of_the_page(tmp_path: Path) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Bridge closes: live", '
        '"liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Divers arrive at the pier"}]}</script>'
    )
    assert draft(tmp_path, f"<main><h1>Bridge closes: live</h1>{BODY}</main>", head).title == "Bridge closes: live"


def test_entries_that_are_articles_keep_their_headings(tmp_path: Path) -> None:
    entries = zip(("Divers arrive", "Shops protest", "Council votes"), (CLOSED, CRACKS, SHOPS), strict=True)
    body = "".join(f"<article><h2>{heading}</h2><p>{text}</p></article>" for heading, text in entries)
    found = text(tmp_path, f"<main><h1>Bridge closes</h1>{body}</main>")
    assert found[-6:] == ["Divers arrive", CLOSED, "Shops protest", CRACKS, "Council votes", SHOPS]


@pytest.mark.parametrize(
    "cell", [f"<h1>Bridge closes</h1><p>{CLOSED}<p>{CRACKS}<p>{SHOPS}", f"{CLOSED}<br><br>{CRACKS}<br><br>{SHOPS}"]
)
def test_a_table_that_lays_out_a_page_becomes_paragraphs_without_its_menu(tmp_path: Path, cell: str) -> None:
    menu = "<td width=120><a href='/'>Home</a><br><a href='/sport'>Sport</a><br><a href='/weather'>Weather</a></td>"
    found = text(tmp_path, f"<table><tr>{menu}<td>{cell}</td></tr></table>")
    assert found[-3:] == [CLOSED, CRACKS, SHOPS]
    assert not any("Sport" in line for line in found)


def test_a_table_of_data_stays_one(tmp_path: Path) -> None:
    table = "<table><tr><th>Pillar</th><th>Depth</th></tr><tr><td>First</td><td>nine metres</td></tr></table>"
    found = text(tmp_path, f"<article><h1>Bridge closes</h1>{BODY}{table}<p>{SHOPS[:60]} again.</p></article>")
    assert "| First | nine metres |" in found


def test_breaks_within_a_paragraph_of_the_source_are_no_paragraphs(tmp_path: Path) -> None:
    wrapped = (
        "<p>The <i>Ida\nKrone</i> lies at\nthe northern pier, and <a href='/x'>her owners\nsay</a> nothing\nof it.</p>"
    )
    found = text(tmp_path, f"<article><h1>Bridge closes</h1>{BODY}{wrapped}<p>{SHOPS[:60]} again.</p></article>")
    assert "The Ida Krone lies at the northern pier, and her owners say nothing of it." in found


def test_what_a_second_look_did_is_recorded(tmp_path: Path) -> None:
    plain = draft(tmp_path, f"<article><h1>Bridge closes</h1>{BODY}</article>")
    assert plain.reader.partition(" ")[0].startswith("trafilatura/")
    assert "(" not in plain.reader
    listed = draft(
        tmp_path, f"<h1>Bridge closes</h1><p>{CLOSED}</p><ul><li>No lorries</li></ul><p>{CRACKS}</p><p>{SHOPS}</p>"
    )
    assert listed.reader.endswith(")")


def test_buttons_forms_and_pointers_between_paragraphs_stay_out(tmp_path: Path) -> None:
    between = (
        "<p><a href='/x'>Read also: the tram on the island</a></p><form><p>Your address</p></form><p>Advertisement</p>"
        "<div class='newsletter'><p>Get our letter every morning, with all that matters on the island.</p></div>"
    )
    found = text(
        tmp_path, f"<article><h1>Bridge closes</h1><p>{CLOSED}</p>{between}<p>{CRACKS}</p><p>{SHOPS}</p></article>"
    )
    assert [line for line in found if "letter" in line or "address" in line] == []


@pytest.mark.parametrize("size", [1, 3])
def test_the_marks_of_what_is_struck_out_are_signs_that_the_page_lacks(tmp_path: Path, size: int) -> None:
    signs = "".join(map(chr, range(0x10600, 0x10600 + size)))
    found = draft(
        tmp_path, f"<article><h1>Bridge closes</h1>{BODY}<p>It reads {signs}, <s>or not</s> he said.</p></article>"
    )
    assert f"It reads {signs}, he said." in found.text
    assert [found.text[span.start : span.end] for span in found.hidden] == ["or not"]
