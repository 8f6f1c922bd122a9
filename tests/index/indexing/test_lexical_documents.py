"""What the lexical index is given of an article, beside a plain reading of its words one after the other."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.core.article import Article, Indexable, Passage, Span, Version
from index.analysis.analyzer import BREAK, words
from index.analysis.stemming import stems
from index.analysis.visible_words import visible_words
from index.contracts.engines import IndexedDocument
from index.indexing.lexical_documents import documents

TEXT = st.lists(
    st.sampled_from(
        ["Sanctions", "U.S.", "l'Ukraine", "the", "制裁。", "制裁威胁", " ", " ", "\n", "’s", ".", "\u00ad", "x"]
    )
).map("".join)
LANGUAGE = st.sampled_from([None, "en", "zh", "de"])


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
    known, body = stems(item.article.language), visible_words(item.version.text, item.version.hidden)
    title = words(item.article.title).folded
    documents = [([*title, BREAK, *body.folded], [*title * weight, *body.folded])]
    for one in item.passages:
        inside = body.folded[bisect_left(body.starts, one.start) : bisect_left(body.starts, one.end)]
        documents.append((inside, inside))
    return [
        IndexedDocument(" ".join(folded).strip(f" {BREAK}"), " ".join(stem for word in scored if (stem := known[word])))
        for folded, scored in documents
    ]


@given(articles(), st.integers(0, 3))
def test_documents_hold_the_words_that_a_plain_reading_finds(item: Indexable, weight: int) -> None:
    of_article, of_passages = documents(item, weight)
    found = [IndexedDocument(one.folded.strip(f" {BREAK}"), one.stemmed) for one in (of_article, *of_passages)]
    assert found == read_plainly(item, weight)
