from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archive.core.article import Draft, Refusal
from archive.readers import Limits, read
from archive.readers.titles import first_line_title, readable_name, text_title

RUNNING = (
    "The harbour master said on Thursday that the ferry would not sail before the storm had passed, and that "
    "travellers should expect delays for the rest of the week."
)


def read_text(tmp_path: Path, content: bytes | str, name: str = "note.txt") -> Draft:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (item,) = read(path, Limits())
    assert isinstance(item, Draft)
    return item


def test_the_text_is_the_file_with_plain_newlines(tmp_path: Path) -> None:
    raw = b"Ferry stays in port\r\n\r\n  Nobody sailed.\t\r\nNot one.\r"
    draft = read_text(tmp_path, raw)
    assert draft.text == "Ferry stays in port\n\n  Nobody sailed.\t\nNot one.\n"
    assert draft.raw_digest == hashlib.sha256(raw).hexdigest()
    assert (draft.title, draft.title_from, draft.reader, draft.record) == (
        "Ferry stays in port",
        "first line",
        "text/3",
        None,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_give_the_same_text(tmp_path: Path, encoding: str) -> None:
    text = f"Fähre bleibt im Hafen\n\n{RUNNING}\n"
    draft = read_text(tmp_path, text.encode(encoding))
    assert (draft.text, draft.damage) == (text, 0)


def test_broken_utf_8_is_read_and_its_damage_counted(tmp_path: Path) -> None:
    draft = read_text(tmp_path, "Fähre\n\nDas ging schief: ".encode() + b"\xff\n")
    assert draft.damage == 1
    assert draft.text.endswith("schief: \ufffd\n")


def test_white_space_alone_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n\t\n")
    (item,) = read(tmp_path / "a.txt", Limits())
    assert isinstance(item, Refusal)
    assert item.code == "no-text"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Ferry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"\n\n  Ferry stays in port  \n{RUNNING}", "Ferry stays in port"),
        (f"Friday, January 21\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"Will the ferry sail?\n\n{RUNNING}", "Will the ferry sail?"),
        (f"Ferry stays in port\nMay 3, 2013\n{RUNNING}", "Ferry stays in port"),
        (f"By Mia Holt\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"By MIA HOLT, Staff Writer\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"Von Mia Holt und Jo van Dam\n\nFähre bleibt im Hafen\n\n{RUNNING}", "Fähre bleibt im Hafen"),
        (f"By the sea, a ferry waits\n\n{RUNNING}", "By the sea, a ferry waits"),
        (f"Home | News | Islands | Sport\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"Home › Islands › Traffic\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"News Sport Weather\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"ISLANDS\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"gant-ferry-stays-in-port\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"GANT-FERRY (UPDATE 2)\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"3 of 12 DOCUMENTS\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"Page 3 of 12\nhttps://gant.example/a\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"GANT HERALD      5 November 2019      4\n\nFerry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"Title: Ferry stays in port\n\n{RUNNING}", "Ferry stays in port"),
        (f"Ferry stays in the har-\nbour of Gant\n\nBy Mia Holt\n\n{RUNNING}", "Ferry stays in the harbour of Gant"),
        (
            f"Ferry stays in port for a\nthird night on Monday\n\n{RUNNING}",
            "Ferry stays in port for a third night on Monday",
        ),
        (f"Ferry-strike talks fail\n\n{RUNNING}", "Ferry-strike talks fail"),
        (f"9 of 10 ferries stay in port\n\n{RUNNING}", "9 of 10 ferries stay in port"),
        (f"World news from Gant\n\n{RUNNING}", "World news from Gant"),
        (f"{RUNNING}\n{RUNNING}", None),
        (f"The ferry stayed in port on Thursday.\n\n{RUNNING}", None),
        ("The harbour master said on Thursday that the ferry\nwould not sail before the storm had passed.", None),
        ("The harbour master said on Thursday to the\nAssociated Press that there was a storm.\nNobody\nsailed.", None),
        ("Only one line", None),
        ("Friday, January 21", None),
        ("***\n\n---\n\n" + RUNNING, None),
        ("", None),
    ],
)
def test_a_first_line_is_a_title_only_when_it_looks_like_one(text: str, title: str | None) -> None:
    assert first_line_title(text) == title


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("ferry-stays-in-port", "Ferry stays in port"),
        ("2022-01-20_ferry_stays", "Ferry stays"),
        ("ferry-crash-kills-9", "Ferry crash kills 9"),
        ("000_526a33014b2a65c3", None),
        ("d41d8cd98f00b204e9800998ecf8427e", None),
        ("00037775-1432-35e5-bc59-443baaef7d80", None),
        ("deadbeefcafebabe", None),
        ("article", None),
        ("article_12", None),
        ("news-story", None),
        ("港口渡轮停航", "港口渡轮停航"),
        ("", None),
    ],
)
def test_a_file_name_is_a_title_only_when_it_carries_words(name: str, readable: str | None) -> None:
    assert readable_name(name) == readable


def test_without_a_title_line_the_file_name_serves_then_the_beginning(tmp_path: Path) -> None:
    assert text_title(RUNNING, "ferry-stays-in-port").found_in == "file name"
    beginning = text_title(RUNNING, "000_526a33014b2a65c3")
    assert beginning.found_in == "first line"
    assert beginning.text == RUNNING[: RUNNING.index(" should")] + "…"
    assert (
        text_title("The ferry stayed in port on Thursday. " + RUNNING).text == "The ferry stayed in port on Thursday."
    )
    assert text_title("***").text == "Untitled"


def test_a_date_line_gives_a_date_only_with_its_year(tmp_path: Path) -> None:
    dated = read_text(tmp_path, f"Ferry stays in port\n\nThursday, January 20, 2022\n\n{RUNNING}")
    assert (dated.published, dated.published_from) == ("2022-01-20", "text")
    undated = read_text(tmp_path, f"Friday, January 21\n\nFerry stays in port\n\n{RUNNING} It was January 20, 2022.")
    assert (undated.published, undated.published_from) == (None, None)


def test_the_documents_behind_the_samples_are_read_as_they_stand(shared: Path) -> None:
    found = [item for path in sorted((shared / "seeds").glob("*.txt")) for item in read(path, Limits())]
    drafts = [item for item in found if isinstance(item, Draft)]
    assert len(drafts) == len(found) == 5
    assert [draft.text for draft in drafts] == [
        path.read_text("utf-8") for path in sorted((shared / "seeds").glob("*.txt"))
    ]
    assert [draft.title.endswith("…") for draft in drafts] == [True, False, False, True, False]
    assert not [draft for draft in drafts if draft.published or draft.damage or "January" in draft.title]


def test_a_byline_names_the_author_and_a_line_of_its_own_the_address(tmp_path: Path) -> None:
    text = (
        f"Ferry stays in port\n\nBy Mia Holt and Jo van Dam in Gant\n\nhttps://gant.example/a?utm_source=x\n\n{RUNNING}"
    )
    draft = read_text(tmp_path, text)
    assert (draft.author, draft.url) == ("Mia Holt and Jo van Dam", "https://gant.example/a")
    several = read_text(tmp_path, f"Ferry stays in port\n\n{RUNNING}\n\nhttps://a.example/1\n\nhttps://a.example/2\n")
    assert (several.author, several.url) == (None, None)


def test_lines_that_mean_nothing_are_told_at_once() -> None:
    for line in (
        "a-" * 10_000,
        "-" * 20_000,
        "| " * 10_000,
        "By " + "A b " * 5_000,
        "By " + "Aa and " * 25,
        "x  " * 6_000,
    ):
        assert text_title(f"{line}\n\n{RUNNING}").text
