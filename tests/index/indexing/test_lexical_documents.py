"""What the lexical index is given of an article, beside a plain reading of its words one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.core.article import Article, Indexable, Passage, Span, Version
from archive.core.spans import gaps
from archive.text.searched import searched
from index.analysis.analyzer import placed
from index.analysis.pieces import BREAK
from index.contracts.engines import IndexedDocument
from index.indexing.lexical_documents import documents

WORDS = (
    "Sanctions", "U.S.", "l'Ukraine", "D'Arcy", "Rize'de", "the", "制裁。", "制裁威胁", " ", " ", "\n", "’s", ".",
    "\u00ad", "x", "inspec-\ntors",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS)).map("".join)
LANGUAGE = st.sampled_from([None, "en", "zh", "tr"])


@st.composite
def articles(draw: st.DrawFn) -> Indexable:
    text, title = draw(TEXT), draw(TEXT)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    stretches = list(pairwise(edges))
    parts = draw(st.lists(st.sampled_from(["passage", "hidden", "neither"]), min_size=8, max_size=8))
    chosen = {kind: [at for at, part in zip(stretches, parts, strict=False) if part == kind] for kind in set(parts)}
    hidden = tuple(Span(*at) for at in chosen.get("hidden", []))
    passages = tuple(Passage("p", "a", "v", *at, text[slice(*at)]) for at in chosen.get("passage", []))
    article = Article("a", "v", title, None, None, None, None, None, draw(LANGUAGE), "/news/a.txt", None)
    return Indexable(article, Version("a", "v", text, hidden, "", "text/1", "", 0), passages)


def read_plainly(item: Indexable, weight: int) -> list[IndexedDocument]:
    edges = [offset for passage in item.passages for offset in (passage.start, passage.end)]
    text = searched(item.version.text, item.version.hidden, edges).text
    title, language = item.article.title, item.article.language
    body = list[tuple[int, str, str]]()
    for gap in gaps(item.version.hidden, len(text)):
        body += [*placed(text, gap.start, gap.end, language), (gap.end, BREAK, "")]
    head = list(placed(title, 0, len(title), language))
    documents = [([*head, (0, BREAK, ""), *body], [*head * weight, *body])]
    for one in item.passages:
        inside = [token for token in body if one.start <= token[0] < one.end]
        documents.append((inside, inside))
    return [
        IndexedDocument(_spaced(word for _, word, _ in row).strip(f" {BREAK}"), _spaced(stem for *_, stem in scored))
        for row, scored in documents
    ]


def _spaced(tokens: Iterable[str]) -> str:
    return " ".join(filter(None, tokens))


@given(articles(), st.integers(0, 3))
def test_documents_hold_the_words_that_a_plain_reading_finds(item: Indexable, weight: int) -> None:
    of_article, of_passages = documents(item, weight)
    found = [IndexedDocument(one.folded.strip(f" {BREAK}"), one.stemmed) for one in (of_article, *of_passages)]
    assert found == read_plainly(item, weight)
