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
