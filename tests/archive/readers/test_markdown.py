from __future__ import annotations

from pathlib import Path

import pytest

from archive.core.article import Draft
from archive.readers import Limits, read
from archive.readers.front_matter import front_matter
from archive.readers.markdown import heading

BODY = "The ferry stayed in port on Thursday, the harbour master said.\n"


def read_markdown(tmp_path: Path, text: str) -> Draft:
    (tmp_path / "000_526a33014b2a65c3.md").write_text(text, "utf-8")
    (item,) = read(tmp_path / "000_526a33014b2a65c3.md", Limits())
    assert isinstance(item, Draft)
    assert item.text == text
    return item


def test_front_matter_gives_the_metadata_and_stays_in_the_text(tmp_path: Path) -> None:
    draft = read_markdown(
        tmp_path,
        "---\nTitle: Ferry stays in port\nauthor: [Ana Lind, Bo Ek]\ndate: 2022-01-20 10:15\nlang: en-GB\n"
        f"publication: The Harbour Post\n---\n\n# Another heading\n\n{BODY}",
    )
    assert (draft.title, draft.title_from) == ("Ferry stays in port", "metadata")
    assert (draft.author, draft.outlet, draft.language) == ("Ana Lind, Bo Ek", "The Harbour Post", "en")
    assert (draft.published, draft.published_from) == ("2022-01-20T10:15:00", "metadata")


def test_an_address_given_as_source_is_the_address(tmp_path: Path) -> None:
    draft = read_markdown(tmp_path, f"---\nsource: https://harbour.example/2022/01/20/a#top\n---\n{BODY}")
    assert (draft.url, draft.outlet) == ("https://harbour.example/2022/01/20/a", None)
    assert (draft.published, draft.published_from) == ("2022-01-20", "url")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Ferry *stays* in `port`\n\nText", "Ferry stays in port"),
        ("Ferry stays\nin port\n=======\n\nText", "Ferry stays in port"),
        ("## Section\n\nText\n\n# Ferry [stays](http://x.example)\n", "Ferry stays"),
        ("### Ferry stays in port\n\nText", "Ferry stays in port"),
        ("Text first\n\n## Section\n", None),
        ("```\n# no heading\n```\n", None),
        ("#hashtag is no heading", None),
    ],
)
def test_headings_are_found_as_markdown_has_them(text: str, expected: str | None) -> None:
    assert heading(text) == expected


def test_a_heading_is_the_title_when_no_metadata_is(tmp_path: Path) -> None:
    draft = read_markdown(tmp_path, f"# Ferry stays in port\n\n20 January 2022\n\n{BODY}")
    assert (draft.title, draft.title_from) == ("Ferry stays in port", "heading")
    assert (draft.published, draft.published_from) == ("2022-01-20", "text")


def test_without_heading_or_metadata_the_text_gives_a_title(tmp_path: Path) -> None:
    draft = read_markdown(tmp_path, BODY)
    assert (draft.title, draft.title_from) == (BODY.strip(), "first line")


@pytest.mark.parametrize(
    "broken",
    [
        "---\n{unclosed: [\n---\n",
        "---\n- a list\n---\n",
        "---\njust words\n---\n",
        "---\n" + "[" * 600 + "\n---\n",
        "---\nx: !!python/object/apply:os.system [true]\n---\n",
        "---\nno end: of it\n",
        "---\n\n---\n",
        "----\ntitle: no\n----\n",
    ],
)
def test_broken_front_matter_is_text(tmp_path: Path, broken: str) -> None:
    found = front_matter(broken)
    assert found is None or "title" not in found.values()
    assert read_markdown(tmp_path, broken + BODY).title_from != "metadata"


def test_a_bomb_of_aliases_costs_nothing(tmp_path: Path) -> None:
    layers = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 40))
    draft = read_markdown(tmp_path, f"---\nl0: &l0 boom\n{layers}author: *l39\ntitle: Ferry\n---\n{BODY}")
    assert (draft.title, draft.author) == ("Ferry", None)
