"""A quotation in Markdown, once rendered, is the passage."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.contracts.highlights import Highlight
from tui.formats.markdown import code, escaped, link, quotation

PARSERS = [
    MarkdownIt("commonmark"),
    MarkdownIt("js-default"),
    MarkdownIt("commonmark").enable(["table", "strikethrough"]),
]
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # no text has them
PIECES = st.one_of(
    st.sampled_from(list("-+=*_#>|~`\\<>[]()!&:.$^ \t\n\xa0\u3000\u2028\ufeff'\"“”1aБ中")),
    st.sampled_from(["---", "===", "1. ", "12) ", "- ", "+ ", "* ", "> ", "# ", "```\n", "~~~\n", "    ", "\n\n"]),
    st.sampled_from(["  \n", "\\\n", "|---|", ":--", "<b>", "<!--", "<script>", "&amp;", "&#32;", "https://a.b/c_d_e"]),
    st.sampled_from(["[a]: /b", "[a](b)", "![a](b)", "www.a.b", "**a**", "*a", "\n\n\n", "~~a~~", "$a$"]),
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=BIDI),
)
TEXTS = st.lists(PIECES, max_size=30).map("".join)


def rendered(lines: Sequence[str], parser: MarkdownIt) -> tuple[str, list[str]]:
    """Render lines as a block quote; return its text, an empty line between paragraphs, and what is bold in it."""
    quote = "".join(f"> {line}\n" if line else ">\n" for line in lines)
    tokens = parser.parse(f"## 1. Title\n\n{quote}\nNews, `/a.txt`\n")
    kinds = [token.type for token in tokens]
    assert kinds.count("blockquote_open") == (1 if lines else 0)
    inside = tokens[kinds.index("blockquote_open") + 1 : kinds.index("blockquote_close")] if lines else []
    assert {token.type for token in inside} <= {"paragraph_open", "inline", "paragraph_close"}
    paragraphs = [token.children or [] for token in inside if token.type == "inline"]
    bold: list[str] = []
    return "\n\n".join(_text(children, bold) for children in paragraphs), bold


def _text(children: Sequence[Token], bold: list[str]) -> str:
    text, depth = "", 0
    for child in children:
        known = ("text", "softbreak", "strong_open", "strong_close")
        assert child.type in known or child.type.startswith("link"), child.type
        depth += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        if child.type == "strong_open":
            bold.append("")
        shown = "\n" if child.type == "softbreak" else child.content
        text += shown
        if depth:
            bold[-1] += shown
    return text


@pytest.mark.parametrize("parser", PARSERS, ids=["commonmark", "js-default", "tables"])
@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4))
@example("The heading\n---\nand a rule", [])
@example("1. one\n2. two\n- three\n+ four", [(0, 2)])
@example("    four spaces\n\tone tab", [])
@example("a\n\n\n\nb\n", [])
@example("a | b\n--|--\nc | d", [(0, 20)])
@example("中文字中文字", [(1, 1), (3, 1)])
@example("“money”, the minister", [(0, 7)])
def test_a_rendered_quotation_is_verbatim(parser: MarkdownIt, text: str, spans: list[tuple[int, int]]) -> None:
    marks = [Highlight(start, min(len(text), start + size)) for start, size in spans if start < len(text)]
    lines = list(quotation(text, marks))
    assert all(line.count("\n") == 0 for line in lines)
    shown, bold = rendered(lines, parser)
    assert shown == text
    lit = {at for mark in marks for at in range(mark.start, mark.end)}
    assert sum(map(len, bold)) <= len(lit)


def test_matches_are_bold_wherever_markdown_can_tell() -> None:
    text = "Sanctions, “threats” and\nprices_here rose."
    marks = [Highlight(0, 9), Highlight(11, 20), Highlight(25, 36)]
    shown, bold = rendered(list(quotation(text, marks)), PARSERS[0])
    assert shown == text
    assert bold == ["Sanctions", "threats", "prices_here"]


def test_overlapping_marks_repeat_nothing() -> None:
    assert list(quotation("abcdef", [Highlight(0, 4), Highlight(2, 5)])) == ["**abcde**f"]


@given(TEXTS)
@example("- a")
@example("1. a")
@example("# a #")
def test_a_fact_stays_in_its_line(fact: str) -> None:
    line = escaped(fact)
    assert "\n" not in line
    tokens = PARSERS[0].parse(f"{line}, end\n")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or []} <= {"text"}


@given(TEXTS)
def test_a_path_stays_in_its_code(path: str) -> None:
    (inline,) = PARSERS[0].parse(f"News, {code('/' + path)}, end\n")[1:2]
    kinds = [child.type for child in inline.children or []]
    assert kinds == ["text", "code_inline", "text"]


def test_citations_cannot_break_out_of_markdown() -> None:
    assert link("https://example.org/a?b=1&c=2") == "<https://example.org/a?b=1&c=2>"
    assert "<script" not in link("https://example.org/><script>").replace("\\<", "")
    assert code("/news/a.txt") == "`/news/a.txt`"
    assert code("/news/`x`.txt") == "`` /news/`x`.txt ``"
    assert code("/news/two  spaces\n.txt") == "`/news/two  spaces␤.txt`"
