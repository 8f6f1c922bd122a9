"""No labelled line of residue is ever an answer, and no line of reporting is hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
import regex

from archive.cleaning.boilerplate import hidden_spans
from archive.core.article import Article, Span, Version
from index import Mode, Searcher

ROOT = Path(__file__).resolve().parents[2]
WORD = regex.compile(r"\w+")
Labels = dict[str, frozenset[int]]
Labelled = Callable[[str], Labels]


def lines(text: str) -> Iterator[tuple[int, Span]]:
    """Give the lines that are not blank, with their 1-based numbers, without the white space around them."""
    for number, found in enumerate(regex.finditer(r"[^\n]*\n?", text), 1):
        inner = found.group().strip()
        if inner:
            start = found.start() + found.group().index(inner)
            yield number, Span(start, start + len(inner))


def touched(text: str, spans: tuple[Span, ...]) -> set[int]:
    return {number for number, line in lines(text) if any(overlap(line, span) for span in spans)}


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def check_lines(folder: Path, labels: Labels) -> None:
    assert labels.keys() == {path.stem for path in folder.glob("*.txt")}
    for stem, residue in labels.items():
        text = (folder / f"{stem}.txt").read_text("utf-8")
        spans = hidden_spans(text)
        assert touched(text, spans) == residue, stem
        whole = {span for number, span in lines(text) if number in residue}
        assert all(any(span.start <= one.start and one.end <= span.end for span in spans) for one in whole), stem


def test_exactly_the_residue_lines_of_the_shared_documents_are_hidden(shared_seeds: Path, labelled: Labelled) -> None:
    check_lines(shared_seeds, labelled("shared"))


def test_exactly_the_residue_lines_of_our_sample_articles_are_hidden(labelled: Labelled) -> None:
    check_lines(ROOT / "seeds" / "articles", labelled("own"))


def versions(searcher: Searcher) -> dict[str, tuple[Article, Version]]:
    found = ((one, searcher.archive.version(one.id, one.version)) for one in searcher.archive.articles())
    return {article.id: (article, version) for article, version in found}


def residue_of(article: Article, version: Version, labels: Labels) -> list[Span]:
    numbers = labels[Path(article.path).stem]
    return [span for number, span in lines(version.text) if number in numbers]


def pieces(text: str, size: int) -> Iterator[str]:
    """Give runs of words of a text, one after the other."""
    found = WORD.findall(text)
    yield from (" ".join(found[at : at + size]) for at in range(0, len(found), size))


def queries(searcher: Searcher, labels: Labels) -> list[str]:
    """Ask for each residue line whole, quoted and in pieces, and for words and phrases all over the texts."""
    made: dict[str, None] = {}
    for article, version in versions(searcher).values():
        residue = [version.text[span.start : span.end] for span in residue_of(article, version, labels)]
        for line in residue:
            made.update(dict.fromkeys([line, f'"{" ".join(WORD.findall(line))}"', *pieces(line, 1), *pieces(line, 3)]))
        made.update(dict.fromkeys(islice(pieces(version.text, 1), 0, None, 29)))
        made.update(dict.fromkeys(islice(pieces(version.text, 4), 0, None, 9)))
    return list(made)


def check_answers(searcher: Searcher, labels: Labels) -> None:
    held = versions(searcher)
    residue = {key: residue_of(article, version, labels) for key, (article, version) in held.items()}
    asked = queries(searcher, labels)
    assert len(asked) > 200
    hits = 0
    for question in asked:
        for mode in (Mode.HYBRID, Mode.LEXICAL):
            for hit in searcher.search(question, k=50, mode=mode, nearest=True):
                hits += 1
                span = Span(hit.passage.start, hit.passage.end)
                assert not any(overlap(span, line) for line in residue[hit.article.id]), question
                assert all(0 <= mark.start < mark.end <= len(hit.passage.text) for mark in hit.highlights), question
    assert hits > len(asked)


def check_highlights(searcher: Searcher, labels: Labels) -> None:
    for article, version in versions(searcher).values():
        residue = residue_of(article, version, labels)
        for line in residue:
            question = version.text[line.start : line.end]
            marks = searcher.highlights(question, version.text, article.language, version.hidden)
            assert not any(overlap(Span(mark.start, mark.end), one) for mark in marks for one in residue), question
            assert searcher.highlights(question, question, article.language), question


def test_no_answer_touches_a_residue_line_of_the_shared_documents(
    shared_searcher: Searcher, labelled: Labelled
) -> None:
    check_answers(shared_searcher, labelled("shared"))


def test_no_highlight_touches_a_residue_line_of_the_shared_documents(
    shared_searcher: Searcher, labelled: Labelled
) -> None:
    check_highlights(shared_searcher, labelled("shared"))


def test_no_answer_touches_a_residue_line_of_our_sample_articles(own_searcher: Searcher, labelled: Labelled) -> None:
    check_answers(own_searcher, labelled("own"))


@pytest.mark.parametrize("name", ["shared", "own"])
def test_labels_name_lines_that_exist(name: str, labelled: Labelled, request: pytest.FixtureRequest) -> None:
    searcher: Searcher = request.getfixturevalue(f"{name}_searcher")
    for article, version in versions(searcher).values():
        labels = labelled(name)[Path(article.path).stem]
        assert len(residue_of(article, version, labelled(name))) == len(labels)
