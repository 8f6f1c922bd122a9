"""An engine elsewhere proposes passages by identifier; the archive scores them, and says what nobody could do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from archive import Archive
from archive.core.errors import ArchiveError
from index import Answer, Mode, Searcher
from index.contracts.candidate_engine import Abilities, CandidateRequest, Proposed, ProposedPassages
from index.contracts.conditions import Field, Term
from index.contracts.engines import Floats, Table, WordStatistics
from index.contracts.options import Confidence, Group, Order
from index.contracts.recipe import RECIPE

ABLE = Abilities(words=True, meaning=True, phrases=True, vocabulary=True, exact_scores=True)
QUESTIONS = (
    "sanctions threats", "harbour cracks repair", '"inner basin" crews', "+penalty cup larnholm", "gas -football",
    "sanct* ostmrk~", "winter outlet:notes", "date:2022-01 harbour", "港口", "lang:en", "unheard-of",
)  # fmt: skip


class ListEngine:
    """An engine that has the identifiers of passages in a plain list, and proposes them in this order.

    Args:
        ids: of passages.
        abilities: that it has.
        scores: of each passage; None: it gives none.
        listed: words, with how many articles hold each.
    """

    name = "A list"

    def __init__(
        self,
        ids: Sequence[str],
        abilities: Abilities = ABLE,
        scores: Sequence[float] | None = None,
        listed: dict[str, int] | None = None,
    ) -> None:
        self.abilities = abilities
        self.asked = list[CandidateRequest]()
        self._ids = list(ids)
        self._scores = scores
        self._listed = listed or {}

    def candidates(self, request: CandidateRequest) -> Proposed:
        self.asked.append(request)
        leg = ProposedPassages(self._ids[: request.depth], self._scores_of(request.depth))
        words, meaning = request.mode != Mode.SEMANTIC, request.mode != Mode.LEXICAL
        return Proposed(leg if words else ProposedPassages(), leg if meaning else ProposedPassages())

    def _scores_of(self, depth: int) -> Floats | None:
        return None if self._scores is None else np.asarray(self._scores[:depth], np.float32)

    def statistics(self) -> WordStatistics:
        return self

    def size(self, table: Table) -> int:
        return 10

    def document_frequency(self, table: Table, term: Term) -> int:
        return self._listed.get(term.token, 0)

    def words(self, table: Table, field: Field, beginning: str, most: int | None = None) -> list[tuple[str, int]]:
        return [each for each in self._listed.items() if each[0].startswith(beginning)][:most]


class Broken(ListEngine):
    """An engine that answers with whatever it is given, or raises it."""

    def __init__(self, answer: object, abilities: Abilities = ABLE) -> None:
        super().__init__((), abilities)
        self._answer = answer

    def candidates(self, request: CandidateRequest) -> Proposed:
        if isinstance(self._answer, Exception):
            raise self._answer
        return cast("Proposed", self._answer)


@pytest.fixture(scope="module")
def ids(light_archive: Path) -> list[str]:
    """The identifiers of every passage, by their files: identifiers depend on where the folder is."""
    with Archive.open(light_archive) as archive, archive.snapshot() as snapshot:
        return [passage.id for item in sorted(snapshot, key=lambda it: it.article.path) for passage in item.passages]


def passages(answer: Answer) -> list[str]:
    return [hit.passage.id for hit in answer]


def in_order(answer: Answer, ids: list[str]) -> bool:
    """Whether an answer begins as a list does and keeps its order; copies in it are folded."""
    shown = passages(answer)
    return shown[:1] == ids[:1] and shown == [each for each in ids if each in shown]


def told(answer: Answer) -> str:
    return " ".join(answer.degraded)


@pytest.fixture
def without_words(light_copy: Callable[[], Path]) -> Path:
    """An archive whose word index was lost."""
    root = light_copy()
    shutil.rmtree(root / "generations" / "000001" / "lexical")
    return root


@pytest.fixture
def without_vectors(light_copy: Callable[[], Path]) -> Path:
    """An archive whose vectors were lost."""
    root = light_copy()
    shutil.rmtree(root / "vectors")
    return root


@pytest.mark.parametrize("group", [Group.PASSAGE, Group.ARTICLE])
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_an_engine_proposes_is_answered_as_what_the_archive_finds_itself(
    light_archive: Path, ids: list[str], question: str, mode: Mode, group: Group
) -> None:
    with Searcher.open(light_archive) as local, Searcher.open(light_archive, engine=ListEngine(ids)) as remote:
        expected = local.search(question, k=30, mode=mode, group=group, nearest=True)
        answer = remote.search(question, k=30, mode=mode, group=group, nearest=True)
        assert answer.hits == expected.hits
        assert answer.confidence_score == expected.confidence_score
        assert (answer.notes, answer.degraded) == (expected.notes, ())
        assert remote.explain(answer) == local.explain(expected)


def test_an_answer_holds_what_the_engine_proposed_and_its_articles_alone(light_archive: Path, ids: list[str]) -> None:
    with Searcher.open(light_archive, engine=ListEngine(ids[:3])) as searcher:
        answer = searcher.search("harbour larnholm sanctions", k=30, nearest=True)
        proposed = {hit.article.id for hit in answer if hit.passage.id in ids[:3]}
    assert set(ids[:3]) <= set(passages(answer))
    assert {hit.article.id for hit in answer} == proposed
    assert answer.plan == "A list, scored exactly"


@pytest.mark.parametrize(
    ("abilities", "mode"),
    [
        (replace(ABLE, meaning=False), Mode.LEXICAL),
        (replace(ABLE, words=False), Mode.SEMANTIC),
        (ABLE, Mode.HYBRID),
    ],
)
def test_an_engine_is_asked_for_the_legs_that_it_has_and_the_archive_for_the_others(
    light_archive: Path, ids: list[str], abilities: Abilities, mode: Mode
) -> None:
    engine = ListEngine(ids, abilities)
    with Searcher.open(light_archive) as local, Searcher.open(light_archive, engine=engine) as remote:
        assert (
            remote.search("sanctions threats", nearest=True).hits
            == local.search("sanctions threats", nearest=True).hits
        )
    (request,) = engine.asked
    assert request.mode == mode
    assert (request.vector is not None) == (mode != Mode.LEXICAL)
    assert bool(request.terms) == (mode != Mode.SEMANTIC)


@pytest.mark.parametrize("mode", Mode)
def test_in_order_by_date_candidates_are_looked_for_once(light_archive: Path, ids: list[str], mode: Mode) -> None:
    engine = ListEngine(ids)
    with Searcher.open(light_archive) as local, Searcher.open(light_archive, engine=engine) as remote:
        answer = remote.search("sanctions threats", mode=mode, order=Order.NEWEST)
        assert answer.hits == local.search("sanctions threats", mode=mode, order=Order.NEWEST).hits
        assert len(engine.asked) == 1
        engine.asked.clear()
        remote.folded(replace(answer, group=Group.ARTICLE), answer.hits[0])
        assert len(engine.asked) == 1


def test_an_engine_without_abilities_is_never_asked(light_archive: Path, ids: list[str]) -> None:
    engine = ListEngine(ids, Abilities())
    with Searcher.open(light_archive, engine=engine) as searcher:
        assert searcher.search("sanctions threats").plan == "exact"
    assert engine.asked == []


def test_an_engine_is_told_what_must_hold_and_given_the_analysed_words(light_archive: Path, ids: list[str]) -> None:
    engine = ListEngine(ids)
    with Searcher.open(light_archive, engine=engine) as searcher:
        searcher.search('"inner basin" -football outlet:courier')
    request = engine.asked[0]
    assert request.required is not None
    assert request.excluded is not None
    assert request.known is not None
    assert {each.term.token for each in request.terms} == {"en:inner", "en:basin"}


def test_more_is_fetched_until_enough_may_answer(light_archive: Path, ids: list[str]) -> None:
    engine = ListEngine(["0" * 16] * 9 + ids)
    with Searcher.open(light_archive, engine=engine, tuning=replace(RECIPE.tuning, candidates=5)) as searcher:
        assert len(searcher.search("harbour", k=1, nearest=True)) == 1
    first, second = engine.asked
    assert (first.depth, second.depth) == (10, 40)


def test_identifiers_that_are_not_in_the_index_are_dropped_and_told(light_archive: Path, ids: list[str]) -> None:
    strange = ["0123456789abcdef", "short", "\N{SNOWMAN}" * 16, "x" * 40, ids[0] + "0"]
    with (
        Searcher.open(light_archive) as local,
        Searcher.open(light_archive, engine=ListEngine(strange + ids)) as remote,
    ):
        expected, answer = local.search("harbour cracks"), remote.search("harbour cracks")
    assert answer.hits == expected.hits
    assert (
        f"{2 * len(strange)} of {2 * len(strange + ids)} passages that A list proposed are not in this index"
        in told(answer)
    )


def test_an_identifier_proposed_twice_is_one_candidate(light_archive: Path, ids: list[str]) -> None:
    with Searcher.open(light_archive, engine=ListEngine([*ids, *ids])) as searcher:
        shown = passages(searcher.search("harbour", k=50, nearest=True))
    assert len(set(shown)) == len(shown)


def leg(ids: object, scores: object = None) -> Proposed:
    """What an engine proposes by words; be it what the contract says or not."""
    return Proposed(ProposedPassages(cast("Sequence[str]", ids), cast("Floats", scores)))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (ArchiveError("Nobody answers at that address."), "Nobody answers at that address."),
        (ConnectionError("refused"), "ConnectionError: refused"),
        (TimeoutError(), "TimeoutError"),
        (None, "its answer is none"),
        (leg(None), "TypeError"),
        (leg([None, 3]), "its identifiers are no text"),
        (leg([b"0123456789abcdef"]), "its identifiers are no text"),
        (leg(["0123456789abcdef"], ["high"]), "its scores are not one number"),
        (leg(["0123456789abcdef"], "high"), "its scores are not one number"),
        (Proposed(cast("ProposedPassages", None)), "AttributeError"),
        (leg(["0123456789abcdef", "123456789abcdef0"], [1.0, 2.0]), "its scores do not descend"),
        (leg(["0123456789abcdef", "123456789abcdef0"], [1.0, 0.0]), "its scores by words are not all above 0"),
        (leg(["0123456789abcdef", "123456789abcdef0"], [-1.0, -2.0]), "its scores by words are not all above 0"),
        (Proposed(by_meaning=leg(["0123456789abcdef"], [7.0]).by_words), "its scores by meaning are no cosines"),
    ],
)
def test_whatever_is_wrong_with_an_engine_is_told_and_the_archive_answers_itself(
    light_archive: Path, answer: object, why: str
) -> None:
    with Searcher.open(light_archive) as local, Searcher.open(light_archive, engine=Broken(answer)) as remote:
        expected, answered = local.search("harbour cracks"), remote.search("harbour cracks")
    assert (answered.hits, answered.plan) == (expected.hits, expected.plan)
    (sentence,) = answered.degraded
    assert sentence.startswith("A list was not used: ")
    assert why in sentence


@pytest.mark.parametrize("scores", [[1.0], [float("nan")] * 200])
def test_scores_that_are_none_are_told_and_the_archive_answers_itself(
    light_archive: Path, ids: list[str], scores: list[float]
) -> None:
    with Searcher.open(light_archive, engine=ListEngine(ids, scores=scores)) as searcher:
        answer = searcher.search("harbour cracks")
    assert answer.hits
    assert "its scores are not one number for each passage" in told(answer)


@pytest.mark.leaves_damage
def test_without_a_word_index_the_engine_answers_by_words_with_its_own_scores(
    without_words: Path, ids: list[str]
) -> None:
    scores = np.linspace(9, 1, len(ids)).tolist()
    with Searcher.open(without_words, engine=ListEngine(ids, scores=scores)) as searcher:
        answer = searcher.search("harbour", k=5, mode=Mode.LEXICAL)
    assert in_order(answer, ids)
    assert answer.confidence == Confidence.WEAK, "nothing here can tell how well they answer"
    assert "it is not used" in told(answer)
    assert len(answer.degraded) == 1, "neither that meaning alone was searched nor that scores are approximate"


@pytest.mark.leaves_damage
def test_without_vectors_the_engine_answers_by_meaning_with_its_own_scores(
    without_vectors: Path, ids: list[str]
) -> None:
    scores = np.linspace(0.9, 0.1, len(ids)).tolist()
    with Searcher.open(without_vectors, engine=ListEngine(ids, scores=scores)) as searcher:
        answer = searcher.search("harbour", k=5, mode=Mode.SEMANTIC)
        assert searcher.warm()
    assert in_order(answer, ids)
    expected = [scores[ids.index(hit.passage.id)] for hit in answer]
    assert [hit.semantic.score for hit in answer if hit.semantic] == pytest.approx(expected)
    assert answer.plan == "A list"


@pytest.mark.leaves_damage
def test_scores_that_are_not_exact_are_told(without_words: Path, ids: list[str]) -> None:
    engine = ListEngine(ids, replace(ABLE, exact_scores=False), np.linspace(0.9, 0.1, len(ids)).tolist())
    with Searcher.open(without_words, engine=engine) as searcher:
        assert "Scores by words are those of A list, and approximate." in told(searcher.search("harbour"))


@pytest.mark.leaves_damage
def test_an_engine_without_scores_is_told_where_nobody_can_score(without_words: Path, ids: list[str]) -> None:
    with Searcher.open(without_words, engine=ListEngine(ids)) as searcher:
        answer = searcher.search("harbour", nearest=True)
    assert answer.hits, "meaning still answers"
    assert "A list gives no scores by words" in told(answer)


@pytest.mark.leaves_damage
def test_phrases_that_nobody_can_check_are_told(without_words: Path, ids: list[str]) -> None:
    for abilities, unchecked in ((replace(ABLE, phrases=False), True), (ABLE, False)):
        with Searcher.open(without_words, engine=ListEngine(ids, abilities)) as searcher:
            assert ("Phrases and words behind" in told(searcher.search('"inner basin"'))) == unchecked


@pytest.mark.leaves_damage
def test_beginnings_and_spellings_that_nobody_can_look_up_are_told(without_words: Path, ids: list[str]) -> None:
    with Searcher.open(without_words, engine=ListEngine(ids, replace(ABLE, vocabulary=False))) as searcher:
        notes = searcher.search("sanct* harbuor~ gas").notes
    assert notes == (
        "sanct* was left out: there is no list of words here to look it up in.",
        "harbuor~ was left out: there is no list of words here to look it up in.",
    )


@pytest.mark.leaves_damage
def test_beginnings_are_looked_up_in_the_words_of_the_engine(without_words: Path, ids: list[str]) -> None:
    engine = ListEngine(ids, listed={"sanctions": 3, "sanctioned": 2})
    with Searcher.open(without_words, engine=engine) as searcher:
        notes = searcher.search("sanct*").notes
    assert notes == ("sanct* stands for sanctions (3), sanctioned (2).",)
    assert {each.term.token for each in engine.asked[0].terms} == {"sanctions", "sanctioned"}


class Wordless(ListEngine):
    """An engine whose words fail: all of them, or those of one lookup."""

    def __init__(self, ids: Sequence[str], fails: str) -> None:
        super().__init__(ids, listed={"sanctions": 3})
        self._fails = fails
        self.told = 0

    def statistics(self) -> WordStatistics:
        self.told += 1
        self._fail("statistics")
        return self

    def size(self, table: Table) -> int:
        self._fail("size")
        return super().size(table)

    def words(self, table: Table, field: Field, beginning: str, most: int | None = None) -> list[tuple[str, int]]:
        self._fail("words")
        return super().words(table, field, beginning, most)

    def _fail(self, what: str) -> None:
        if what == self._fails:
            raise ConnectionError("refused")


def test_words_of_an_engine_are_not_asked_for_where_the_word_index_is_whole(
    light_archive: Path, ids: list[str]
) -> None:
    engine = Wordless(ids, "statistics")
    with Searcher.open(light_archive, engine=engine) as searcher:
        answer = searcher.search("sanct*")
    assert (answer.degraded, engine.told) == ((), 0)
    assert answer.notes[0].startswith("sanct* stands for")


@pytest.mark.leaves_damage
@pytest.mark.parametrize("fails", ["statistics", "words", "size"])
def test_an_engine_whose_words_fail_is_told_and_meaning_answers(
    without_words: Path, ids: list[str], fails: str
) -> None:
    engine = Wordless(ids, fails)
    with Searcher.open(without_words, engine=engine) as searcher:
        for _ in range(2):
            answer = searcher.search("sanct* gas", nearest=True)
            assert answer.hits
            assert "The words of A list were not looked up: ConnectionError: refused" in told(answer)
            assert "sanct* was left out" in " ".join(answer.notes)
    assert engine.told == 1


def test_a_searcher_that_is_reopened_keeps_its_engine(light_archive: Path, ids: list[str]) -> None:
    engine = ListEngine(ids)
    with Searcher.open(light_archive, engine=engine) as searcher, searcher.reopened() as again:
        again.search("harbour")
    assert engine.asked
