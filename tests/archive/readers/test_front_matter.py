# ruff: noqa: E501 - a head stands as its program writes it

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
    "TOML": '+++\ntitle = "Ferry"\ndate = 2022-01-20\n+++\n',
    "TOML that is unreadable": "+++\ntitle = stowaway\n+++\n",
    "labelled lines": "Title: Ferry\nURL: https://gant.example/stowaway\nSource: Gant Herald\nCrawled: 2023-01-01\n",
    "labelled lines with blank ones": "Headline: Ferry\n\nDate: 2022-01-20\n\n-----\n",
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
        f"Title: Ferry\n\n{BODY}",
        f"Tags: ferry\nSummary: short\n{BODY}",
        f"Minister: we will see.\nReporter: when?\n{BODY}",
        "Title: Ferry\nDate: 2022-01-20\n",
        f"+++\nThe harbour master said this = it stays.\n+++\n{BODY}",
    ],
)
def test_what_only_looks_like_front_matter_stays(text: str) -> None:
    assert front_matter(text) is None
    assert front_matter_spans(text) == ()


@pytest.mark.parametrize(
    "head",
    [
        "Title: Ferry stays\nURL: https://gant.example/a\nSource: Gant Herald\nDate: 20 January 2022\nAuthor: Mia Holt\n",
        "HEADLINE : Ferry stays\nLink: https://gant.example/a\nNewspaper: Gant Herald\nPublished on: 2022-01-20\nBy: Mia Holt\nText:\n",
        '+++\ntitle = "Ferry stays"\nurl = "https://gant.example/a"\nsite = "Gant Herald"\ndate = 2022-01-20\nauthor = "Mia Holt"\n+++\n',
        "---\ntitle: Ferry stays\nsource: https://gant.example/a\nsite: Gant Herald\nauthor:\n  - '[[Mia Holt]]'\n"
        "published: 2022-01-20\ncreated: 2022-01-25\n---\n",
        "---\ntitle: |\n  Ferry stays\noriginal_url: https://gant.example/a\nsite: Gant Herald\nauthor: |\n  Mia Holt\n"
        "date_saved: 2022-01-25 08:00:00\ndate_published: 2022-01-20\n---\n",
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_what_is_stated_above_a_text_is_read(tmp_path: Path, head: str, name: str) -> None:
    (tmp_path / name).write_text(head + "\n" + BODY, "utf-8")
    (draft,) = read(tmp_path / name, Limits())
    assert isinstance(draft, Draft)
    assert (draft.title, draft.title_from, draft.url) == ("Ferry stays", "metadata", "https://gant.example/a")
    assert (draft.outlet, draft.author, draft.published) == ("Gant Herald", "Mia Holt", "2022-01-20")
    assert draft.published_from == "metadata"


def test_a_long_beginning_without_an_end_is_told_at_once() -> None:
    assert front_matter("---\n" + "# \n" * 1_000_000) is None
    assert front_matter("---\n" + "a " * 1_000_000) is None
