"""Ways to rank that are not in use, compared over judged collections with the one that is: a table each, then means.

rm3: words of the first articles are asked for too. rocchio: the question's vector is moved toward the best passages.
maxsim: the head is ordered by token vectors too; what that costs is printed. titles: other weights of the title.
bm25: other constants, in use and otherwise by rank-bm25. passages: other sizes, embedded anew. Archives are built in
KEEP, and found there the next time.

Usage: python benchmarks/recipes.py KEEP WAY[,WAY...] COLLECTION...
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from heapq import nlargest
from itertools import islice, product, starmap
from operator import itemgetter
from pathlib import Path
from shutil import copytree, rmtree
from typing import TypeVar, cast

import numpy as np
from fusion import Ranked, by, compare, opened, show_means
from measure import arguments, middle, timed

from archive import Archive
from archive.folder.settings import Engine, save
from archive.text.chunking import Rule
from index import Mode, Searcher, build, passage_rule
from index.analysis.analyzer import joined
from index.contracts.conditions import BESIDE, Field, Term
from index.contracts.engines import Floats, Ordinals, Scored, Table, Weighted
from index.contracts.recipe import RECIPE, Tuning
from index.embedding.model import locate
from index.embedding.passage_input import passage_input
from index.embedding.tokenizer import Tokens
from index.embedding.torch import TorchEncoder
from index.evaluation.measures import DOCUMENTS, judgements
from index.generations.generation import open_current
from index.lexical import SMALL
from index.query.ast import Query
from index.query.parser import literal
from index.ranking import fusion
from index.ranking.candidates import Question
from index.search.questions import AskedQuestion

FED_BACK = 10  # articles
EXPANSIONS = ((10, 0.5), (20, 0.7))  # further words, weight of the question's own
EXAMPLES = 3
BETAS = (0.3, 0.5)
BLENDS = ((20, 0.25), (20, 0.5), (20, 0.75), (30, 0.5))  # documents, share of MaxSim
TIMED = 30  # questions
TITLES = (0, 1, 3)
K1S = (RECIPE.tuning.k1, 0.9, 1.5, 2.0)
BS = (RECIPE.tuning.b, 0.4, 0.6, 0.9)
SIZES = (("half", 0.5, 1), ("double", 2, 2))  # words and tokens, against those in use; the model is given 512 tokens
Ways = Iterator[tuple[str, Ranked]]
SOME = TypeVar("SOME", bound=Searcher)


class Expanded(Searcher):
    """Asks for words of the first articles too (RM3: Abdul-Jaleel et al., UMass at TREC 2004).

    Attributes:
        further: how many.
        own: weight of the question's own words, all together.
    """

    further: int
    own: float

    def _question(self, query: Query, mode: Mode) -> AskedQuestion:
        question = super()._question(query, mode)
        return replace(question, question=self._expanded(question.question))

    def _expanded(self, question: Question) -> Question:
        lexical, asked = self._parts.lexical, question.plan.terms
        if lexical is None or not asked:
            return question
        weights = defaultdict[Term, float](float, {one.term: self.own / len(asked) for one in asked})
        told = self._told(lexical.top(Table.ARTICLES, asked, FED_BACK))
        total = sum(likely for _, likely in told)
        for term, likely in told:
            weights[term] += (1 - self.own) * likely / total
        return replace(question, plan=replace(question.plan, terms=tuple(starmap(Weighted, weights.items()))))

    def _told(self, first: Scored) -> list[tuple[Term, float]]:
        """Return the words most likely in the first articles, each article weighing as much as it answers."""
        likely = defaultdict[Term, float](float)
        for article, score in islice(zip(first.ordinals.tolist(), first.scores.tolist(), strict=True), FED_BACK):
            held = self._words(article)
            for word, count in held.items():
                likely[Term(Field.STEMMED, word)] += score * count / held.total()
        return nlargest(self.further, likely.items(), key=itemgetter(1))

    def _words(self, article: int) -> Counter[str]:
        columns = self._parts.columns
        text = self.archive.version(columns.article_id(article), columns.version(article)).text
        whole = f"{columns.texts['title'][article] or ''}\n{text}"
        return Counter(joined(whole, 0, len(whole), columns.texts["language"][article])[1].replace(BESIDE, "").split())


class Moved(Searcher):
    """Moves the vector of a question toward the mean of the best passages' (Rocchio 1971); ``beta`` says how far."""

    beta: float

    def _question(self, query: Query, mode: Mode) -> AskedQuestion:
        question = super()._question(query, mode)
        return replace(question, question=self._moved(question.question))

    def _moved(self, question: Question) -> Question:
        vectors = self._parts.vectors
        if question.vector is None or vectors is None:
            return question
        best = self._ranker.retriever.rank(question).passages[:EXAMPLES]
        moved = question.vector + np.float32(self.beta) * vectors.vectors(best).mean(axis=0)
        return replace(question, vector=moved / np.linalg.norm(moved))


class Late(Searcher):
    """Orders the head by MaxSim too (Khattab and Zaharia 2020), over the token vectors of each document's best passage.

    Attributes:
        head: how many documents.
        share: of MaxSim in their score.
        encoder: gives token vectors.
        held: those of passages, by ordinal.
    """

    head: int
    share: float
    encoder: TorchEncoder
    held: dict[int, Floats]

    def _ranked(self, query: Query, mode: Mode, depth: int) -> list[int]:
        ranking = self._ranker.retriever.rank(self._question(query, mode).question, depth)
        articles = self._parts.columns.article_of[ranking.passages]
        first = np.sort(np.unique(articles, return_index=True)[1])[:depth]
        head, rest = first[: self.head], first[self.head :]
        late = self.late(query.semantic_text, ranking.passages[head])
        blended = fusion.convex(ranking.scores[head], late, self.share)
        head = head[np.argsort(-blended, kind="stable")]
        return [*articles[head].tolist(), *articles[rest].tolist()]

    def late(self, text: str, passages: Ordinals) -> Floats:
        """Return the mean over the question's tokens of the cosine of the most similar token in each passage."""
        wanted = passages.tolist()
        self.held |= self._token_vectors([at for at in wanted if at not in self.held])
        asked = token_vectors(self.encoder, [self.encoder.model.query_prompt + text])[0]
        return np.array([(asked @ self.held[at].T).max(axis=1).mean() for at in wanted], np.float32)

    def head_of(self, text: str) -> Ordinals:
        """Return the best passages of the first documents."""
        passages = self._ranker.retriever.rank(self._question(literal(text), Mode.HYBRID).question).passages
        first = np.unique(self._parts.columns.article_of[passages], return_index=True)[1]
        return passages[np.sort(first)[: self.head]]

    def _token_vectors(self, passages: Sequence[int]) -> dict[int, Floats]:
        columns, model = self._parts.columns, self.encoder.model
        tokens = Tokens(model)
        titles = [columns.texts["title"][int(columns.article_of[at])] or "" for at in passages]
        texts = self.archive.passage_texts([columns.place(at) for at in passages])
        inputs = [
            passage_input(title, text or "", tokens, model.passage_prompt)
            for title, text in zip(titles, texts, strict=True)
        ]
        return dict(zip(passages, token_vectors(self.encoder, inputs), strict=True))


def token_vectors(encoder: TorchEncoder, texts: Sequence[str]) -> list[Floats]:
    """Return the unit vectors of each text's tokens, shape ``(tokens, dimension)``, special ones left out."""
    if not texts:
        return []
    found = encoder.transformer.encode(
        list(texts), prompt="", output_value="token_embeddings", convert_to_numpy=False, show_progress_bar=False
    )
    inner = (np.asarray(one.cpu().numpy(), np.float32)[1:-1] for one in found)
    return [one / np.linalg.norm(one, axis=1, keepdims=True) for one in inner]


@contextmanager
def opened_as(kind: type[SOME], root: Path, tuning: Tuning | None = None) -> Iterator[SOME]:
    """Open an archive to be searched otherwise."""
    with kind.open(root, tuning=tuning) as searcher:
        searcher.warm()
        yield searcher


def in_use(root: Path) -> Ways:
    """Yield the way in use."""
    with opened_as(Searcher, root) as searcher:
        yield "in use", partial(by, searcher, Mode.HYBRID)


def rm3(root: Path, folder: Path) -> Ways:
    """Yield expansions of the words asked for."""
    yield from in_use(root)
    with opened_as(Expanded, root) as searcher:
        for searcher.further, searcher.own in EXPANSIONS:
            yield f"RM3, {searcher.further} words, own {searcher.own:g}", partial(by, searcher, Mode.HYBRID)


def rocchio(root: Path, folder: Path) -> Ways:
    """Yield moves of the question's vector."""
    yield from in_use(root)
    with opened_as(Moved, root) as searcher:
        for searcher.beta in BETAS:
            yield f"Rocchio, beta {searcher.beta:g}", partial(by, searcher, Mode.HYBRID)


def maxsim(root: Path, folder: Path) -> Ways:
    """Yield blends with MaxSim, and print what it costs."""
    yield from in_use(root)
    with opened_as(Late, root) as searcher:
        searcher.encoder, searcher.held = TorchEncoder(locate(searcher.archive.settings)), {}
        for searcher.head, searcher.share in BLENDS:
            yield f"MaxSim {searcher.share:g}, first {searcher.head}", partial(by, searcher, Mode.HYBRID)
        for searcher.head in dict.fromkeys(head for head, _ in BLENDS):
            print(f"{folder.name}: MaxSim of the first {searcher.head}: {costs(searcher, folder)}")


def costs(searcher: Late, folder: Path) -> str:
    """Return what MaxSim adds to a question, in words."""
    fresh, again = list[float](), list[float]()
    for text in islice(judgements(folder)[1].values(), TIMED):
        score = partial(searcher.late, text, searcher.head_of(text))
        searcher.held.clear()
        fresh.append(timed(score))
        again.append(timed(score))
    return f"median {middle(fresh) * 1000:.0f} ms, {middle(again) * 1000:.0f} ms where passages' token vectors are held"


def titles(root: Path, folder: Path) -> Ways:
    """Yield weights of the title, each of them a word index of its own."""
    yield from in_use(root)
    for weight in TITLES:
        other = rebuilt(root, f"title-{weight}", engine_of(root), weight)
        with opened_as(Searcher, other) as searcher:
            yield f"title {weight} times", partial(by, searcher, Mode.HYBRID)


def bm25(root: Path, folder: Path) -> Ways:
    """Yield constants of BM25, those in use first."""
    other = rebuilt(root, SMALL, SMALL)
    for k1, b in product(K1S, BS):
        with opened_as(Searcher, other, replace(RECIPE.tuning, k1=k1, b=b)) as searcher:
            yield f"k1 {k1:g}, b {b:g}", partial(by, searcher, Mode.HYBRID)


def passages(root: Path, folder: Path) -> Ways:
    """Yield sizes of passages."""
    yield from in_use(root)
    for name, words, tokens in SIZES:
        with opened_as(Searcher, recut(root, folder, name, words, tokens)) as searcher:
            yield f"passages of {name} the size", partial(by, searcher, Mode.HYBRID)


def rebuilt(root: Path, name: str, engine: str, title_weight: int = RECIPE.words.title_weight) -> Path:
    """Return a copy of an archive with a word index of its own, made where it is not there yet."""
    other = root.with_name(f"{root.name}-{name}")
    if not other.exists():
        with made(other) as making:
            copytree(root, making)
            with plain(making, engine) as archive:
                build(archive, rebuild=True, title_weight=title_weight)
    return other


@contextmanager
def made(place: Path) -> Iterator[Path]:
    """Lend a place beside the one where something is to be when it is whole."""
    making = place.with_name(f"{place.name}.making")
    rmtree(making, ignore_errors=True)
    yield making
    making.rename(place)


def recut(root: Path, folder: Path, name: str, words: float, tokens: int) -> Path:
    """Return an archive of a collection with passages of another size, made where it is not there yet.

    Args:
        root: of the archive in use.
        folder: the collection.
        name: of the size.
        words: so many times those in use.
        tokens: so many times those in use, of a passage and of what the model reads.
    """
    other = root.with_name(f"{root.name}-passages-{name}")
    if not other.exists():
        with made(other) as making:
            Archive.create(making).close()
            with plain(making, engine_of(root)) as archive:
                archive.add_plain(folder / DOCUMENTS, sized(passage_rule(archive.settings), words, tokens))
                build(archive, encoder=lambda model: TorchEncoder(replace(model, max_tokens=model.max_tokens * tokens)))
    return other


def sized(rule: Rule, words: float, tokens: int) -> Rule:
    """Return a rule for another size; by its name, which stays, a build takes the passages for its own."""
    least, most = rule.target_words
    return replace(rule, limit=rule.limit * tokens, target_words=(int(least * words), int(most * words)))


def engine_of(root: Path) -> str:
    """Return the name of the engine in use: engines round lengths each in its way, which moves ranks as sizes do."""
    with Archive.open(root) as archive, open_current(archive.layout) as generation:
        return generation.manifest.engine


@contextmanager
def plain(root: Path, engine: str) -> Iterator[Archive]:
    """Open an archive whose builds use an engine and make no Chroma index."""
    with Archive.open(root) as archive:
        save(archive.layout.settings, replace(archive.settings, vectors="exact", engine=cast("Engine", engine)))
    with Archive.open(root) as archive:
        yield archive


WAYS: Mapping[str, Callable[[Path, Path], Ways]] = {
    way.__name__: way for way in (rm3, rocchio, maxsim, titles, bm25, passages)
}


def main(keep: Path, names: Sequence[str], folders: Sequence[Path]) -> None:
    """Print a table a way and collection, then the means of the way over all."""
    for folder in folders:
        opened(keep, folder).close()
    for name in names:
        show_means([compare(folder, WAYS[name](keep / folder.name, folder)) for folder in folders])


if __name__ == "__main__":
    keep, ways, *folders = arguments(3)
    main(Path(keep), ways.split(","), [Path(folder) for folder in folders])
