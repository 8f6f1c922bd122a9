"""Front matter is recognised once, by the readers; what they recognise is hidden and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive, word_rule
from archive.core.article import Draft
from archive.readers import Limits, read
from archive.readers.front_matter import front_matter, front_matter_spans

BODY = "The ferry stayed in port on Thursday, the harbour master said.\n"
MANY_KEYS = "---\n" + "".join(f"key{number}: stowaway {number}\n" for number in range(70)) + "---\n"
FORMS = {
    "plain": "---\ntitle: Ferry\ndate: 2022-01-20\n---\n",
    "closed by dots": "---\ntitle: Ferry\nnote: stowaway\n...\n",
    "70 keys": MANY_KEYS,
    "unreadable": "---\ntitle: Ferry: stays stowaway\n---\n",
    "a comment first": "---\n# made by hand\n\ntags:\n  - stowaway\n---\n",
    "a quoted key of three words": '---\n"date of issue": stowaway\n---\n',
}


@pytest.mark.parametrize("block", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_nothing_of_front_matter_can_be_cited(tmp_path: Path, name: str, block: str) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / name).write_text(block + "\n" + BODY, "utf-8")
    with Archive.create(tmp_path / "archive") as archive:
        archive.add([tmp_path / "news"], word_rule(), jobs=1)
        (article,) = archive.articles()
        version = archive.version(article.id, article.version)
        passages = archive.passages(article.id, article.version)
    assert [version.text[span.start : span.end] for span in version.hidden] == [block]
    assert [passage.text for passage in passages] == [BODY.strip()]


def test_front_matter_of_a_record_is_handed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": MANY_KEYS + BODY}), "utf-8")
    (draft,) = read(path, Limits())
    assert isinstance(draft, Draft)
    assert draft.hidden == front_matter_spans(draft.text) != ()
    assert draft.title == BODY.strip()


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"---\n{BODY}---\n{BODY}",
        f"---\nKYIV, Ukraine: the ferry stayed in port.\n---\n{BODY}",
        f"---\nThe harbour master said this: it stays.\n---\n{BODY}",
        f"---\n- a list\n---\n{BODY}",
        f"---\ntitle: no end\n{BODY}",
        f"----\ntitle: four dashes\n---\n{BODY}",
        f"\n---\ntitle: not at the top\n---\n{BODY}",
        f"---\nhttp://harbour.example/a\n---\n{BODY}",
    ],
)
def test_what_only_looks_like_front_matter_stays(text: str) -> None:
    assert front_matter(text) is None
    assert front_matter_spans(text) == ()


def test_a_long_beginning_without_an_end_is_told_at_once() -> None:
    assert front_matter("---\n" + "# \n" * 1_000_000) is None
    assert front_matter("---\n" + "a " * 1_000_000) is None
