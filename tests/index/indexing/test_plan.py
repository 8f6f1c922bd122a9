"""What a build decides, as a table: facts on the left, the plan on the right. Nothing is read or written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from index.contracts.recipe import RECIPE, Recipe, WordIndex
from index.indexing.plan import BuildPlan, Facts, InUse, Makers, Request, Reuse, Rows, changes, make_plan

PROGRAM = Makers("m" * 64, "analysis 1", "cut 2, 220 tokens", RECIPE.hashes)
IN_USE = InUse(
    number=7,
    change=40,
    token="",
    follows=True,
    passages=1_000,
    engine="rank-bm25",
    epoch=2,
    chroma=False,
    partial=False,
    named=True,
    makers=PROGRAM,
)
WHOLE = Rows(articles=100, passages=1_000, changed=0, tombstoned=0, in_order=True)
UNCHANGED = Facts(
    request=Request(),
    program=PROGRAM,
    change=40,
    passages=1_000,
    epochs=(1, 2),
    pending=None,
    newest=7,
    in_use=IN_USE,
    rows=WHOLE,
)
EVERYTHING = Reuse(words=True, vectors=True, scales=True)
NOTHING = Reuse()
OTHER = "0" * 16


def facts(request: Request | None = None, program: dict[str, Any] | None = None, **others: Any) -> Facts:
    """Return what is so when nothing changed, but for what is given."""
    return replace(
        UNCHANGED, request=request or Request(), program=replace(PROGRAM, **(program or {})), **others
    )  # fmt: skip


def grown(changed: int, tombstoned: int = 0, **others: Any) -> Facts:
    """Return the facts after some articles changed."""
    return facts(change=41, rows=replace(WHOLE, changed=changed, tombstoned=tombstoned), **others)


def recipe(**groups: str) -> dict[str, Any]:
    return {"recipe": replace(RECIPE.hashes, **groups)}


@dataclass(frozen=True)
class Case:
    """Facts, and what the plan must say of them."""

    facts: Facts
    why: tuple[str, ...]
    reuse: Reuse
    more: dict[str, Any] = field(default_factory=dict)


FRESH = facts(in_use=None, rows=None, newest=0, epochs=(), change=3)
CASES = {
    "an empty archive": Case(
        replace(FRESH, passages=0), (), NOTHING, {"number": 1, "epoch": 1, "begins": False, "serving": False}
    ),
    "a fresh archive": Case(
        FRESH, ("Nothing is indexed yet.",), NOTHING, {"number": 1, "engine": "rank-bm25", "epoch": 1, "waits": False}
    ),
    "a fresh large archive": Case(
        replace(FRESH, passages=10_000), ("Nothing is indexed yet.",), NOTHING, {"engine": "tantivy"}
    ),
    "nothing changed": Case(UNCHANGED, (), EVERYTHING, {"number": 8, "epoch": 2, "serving": True}),
    "a few articles changed": Case(grown(20, 200), ("The catalog changed.",), EVERYTHING, {"epoch": 2}),
    "many articles changed": Case(grown(21), ("The catalog changed.",), NOTHING, {"epoch": 2, "serving": True}),
    "many passages are tombstoned": Case(grown(1, 201), ("The catalog changed.",), NOTHING),
    "a catalog that was put back": Case(
        facts(in_use=replace(IN_USE, follows=False), rows=None),
        ("The catalog is not the one that the index was made of.",),
        NOTHING,
        {"epoch": 2, "begins": False, "serving": True},
    ),
    "a rebuild": Case(
        facts(Request(rebuild=True), rows=None),
        ("A rebuild is asked for.",),
        NOTHING,
        {"epoch": 2, "begins": False, "serving": True},
    ),
    "the engine of the settings changed": Case(
        facts(Request(engine="tantivy")),
        ("The settings name the engine tantivy.",),
        Reuse(vectors=True),
        {"engine": "tantivy", "notes": ("The word index moved from rank-bm25 to tantivy (1,000 passages).",)},
    ),
    "the engine changed where rows are tombstoned": Case(
        facts(Request(engine="tantivy"), rows=replace(WHOLE, in_order=False)),
        ("The settings name the engine tantivy.",),
        NOTHING,
    ),
    "the archive outgrew its engine": Case(
        grown(5, passages=10_000), ("The catalog changed.",), NOTHING, {"engine": "tantivy"}
    ),
    "the engine of the settings is in use": Case(facts(Request(engine="rank-bm25")), (), EVERYTHING),
    "the model changed": Case(
        facts(program={"model": "n" * 64}, epochs=()),
        ("The settings name another model.",),
        Reuse(words=True),
        {"epoch": 1, "serving": False, "waits": True},
    ),
    "a model that was in use before": Case(
        facts(program={"model": "n" * 64}, epochs=(1, 3)),
        ("The settings name another model.",),
        Reuse(words=True),
        {"epoch": 3, "serving": False},
    ),
    "the model changed, and articles too": Case(
        grown(1, program={"model": "n" * 64}, epochs=()),
        ("The catalog changed.", "The settings name another model."),
        NOTHING,
        {"epoch": 1},
    ),
    "the text analysis changed": Case(
        facts(program={"analysis": "analysis 2"}), ("The text analysis changed.",), Reuse(vectors=True), {"epoch": 2}
    ),
    "the text analysis changed, and articles too": Case(
        grown(1, program={"analysis": "analysis 2"}), ("The catalog changed.", "The text analysis changed."), NOTHING
    ),
    "the rule of passages changed": Case(
        grown(100, program={"rule": "cut 3"}), ("The catalog changed.", "Passages are cut by another rule."), NOTHING
    ),
    "a number of the word index changed": Case(
        facts(program=recipe(words=OTHER)), ("The numbers that shape the word index changed.",), Reuse(vectors=True)
    ),
    "a number of the word index changed in a grown generation": Case(
        facts(program=recipe(words=OTHER), rows=replace(WHOLE, in_order=False, tombstoned=3)),
        ("The numbers that shape the word index changed.",),
        NOTHING,
    ),
    "a number of the word index changed, and articles too": Case(
        grown(1, program=recipe(words=OTHER)),
        ("The catalog changed.", "The numbers that shape the word index changed."),
        NOTHING,
    ),
    "a number of the model's inputs changed": Case(
        facts(program=recipe(vectors=OTHER)),
        ("The numbers that shape the model's inputs changed.",),
        Reuse(words=True),
        {"epoch": 2, "serving": True},
    ),
    "a number of the scale changed": Case(
        facts(program=recipe(scale=OTHER)),
        ("The numbers that shape the confidence scale changed.",),
        Reuse(words=True, vectors=True),
    ),
    "a number of the scale changed, and a few articles": Case(
        grown(1, program=recipe(scale=OTHER)),
        ("The catalog changed.", "The numbers that shape the confidence scale changed."),
        Reuse(words=True, vectors=True),
    ),
    "Chroma is asked for, for which nothing else has to be made": Case(
        facts(Request(vectors="chroma")), (), EVERYTHING, {"chroma": True}
    ),
    "Chroma is not asked for any more": Case(
        facts(Request(vectors="exact"), in_use=replace(IN_USE, chroma=True)),
        ("The index in Chroma is not asked for any more.",),
        EVERYTHING,
        {"chroma": False},
    ),
    "new vectors are asked for": Case(
        facts(Request(rebuild=True, reembed=True), rows=None),
        ("New vectors are asked for.",),
        NOTHING,
        {"epoch": 3, "begins": True, "serving": False, "waits": True},
    ),
    "new vectors of another model are asked for": Case(
        facts(Request(rebuild=True, reembed=True), program={"model": "n" * 64}, epochs=(), rows=None),
        ("New vectors are asked for.", "The settings name another model."),
        NOTHING,
        {"epoch": 1, "begins": True, "serving": False, "waits": True},
    ),
    "new vectors were begun, nothing is asked": Case(
        facts(epochs=(1, 2, 3), pending=3), (), EVERYTHING, {"epoch": 2, "begins": False, "serving": True}
    ),
    "new vectors were begun, articles changed": Case(
        grown(1, epochs=(1, 2, 3), pending=3), ("The catalog changed.",), EVERYTHING, {"epoch": 2, "serving": True}
    ),
    "new vectors were begun, a rebuild continues them": Case(
        facts(Request(rebuild=True), epochs=(1, 2, 3), pending=3, rows=None),
        ("A rebuild is asked for.",),
        NOTHING,
        {"epoch": 3, "begins": False, "serving": False},
    ),
    "new vectors were begun and are asked for again": Case(
        facts(Request(rebuild=True, reembed=True), epochs=(1, 2, 3), pending=3, rows=None),
        ("New vectors are asked for.",),
        NOTHING,
        {"epoch": 3, "begins": False},
    ),
    "new vectors serve already, the mark was left": Case(
        facts(Request(rebuild=True, reembed=True), pending=2, rows=None),
        ("New vectors are asked for.",),
        NOTHING,
        {"epoch": 3, "begins": True},
    ),
    "new vectors of an archive that has none": Case(
        replace(FRESH, request=Request(rebuild=True, reembed=True)),
        ("Nothing is indexed yet.",),
        NOTHING,
        {"epoch": 1, "begins": True},
    ),
    "no generation, one set of vectors is whole and one was begun": Case(
        replace(FRESH, epochs=(2, 3), pending=3), ("Nothing is indexed yet.",), NOTHING, {"epoch": 2, "begins": False}
    ),
    "no generation, the only set of vectors was begun": Case(
        replace(FRESH, epochs=(1,), pending=1), ("Nothing is indexed yet.",), NOTHING, {"epoch": 1, "begins": False}
    ),
    "a purge names the vectors": Case(
        facts(Request(rebuild=True, epoch=5), epochs=(1, 2, 5), rows=None),
        ("A rebuild is asked for.",),
        NOTHING,
        {"epoch": 5, "begins": False, "serving": False, "waits": False},
    ),
    "vectors are still missing": Case(facts(in_use=replace(IN_USE, partial=True)), (), EVERYTHING, {"waits": False}),
    "vectors are still missing, articles came": Case(
        grown(1, in_use=replace(IN_USE, partial=True)), ("The catalog changed.",), EVERYTHING, {"serving": True}
    ),
    "vectors are still missing, and an article of theirs went": Case(
        grown(1, 3, in_use=replace(IN_USE, partial=True)), ("The catalog changed.",), NOTHING, {"serving": True}
    ),
    "a damaged generation": Case(
        facts(change=41, rows=None), ("The catalog changed.",), NOTHING, {"epoch": 2, "serving": True, "number": 8}
    ),
    "CURRENT is damaged": Case(
        facts(in_use=replace(IN_USE, named=False), rows=None),
        ("The record of which index is in use is damaged.",),
        NOTHING,
        {"number": 8},
    ),
    "a newer generation cannot be read": Case(
        grown(1, newest=9), ("The catalog changed.",), EVERYTHING, {"number": 10}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_plan_of(name: str) -> None:
    case = CASES[name]
    plan = make_plan(case.facts)
    assert (plan.why, plan.reuse) == (case.why, case.reuse)
    assert {key: getattr(plan, key) for key in case.more} == case.more


def test_a_plan_says_what_the_new_generation_is_made_by() -> None:
    program = replace(PROGRAM, recipe=Recipe(words=WordIndex(title_weight=3)).hashes)
    plan: BuildPlan = make_plan(replace(UNCHANGED, program=program))
    assert plan.makers == program
    assert changes(plan.makers, program) == ()


@pytest.mark.parametrize("maker", ["model", "analysis", "rule"])
def test_each_maker_that_differs_is_a_reason(maker: str) -> None:
    other: dict[str, Any] = {maker: "other"}
    assert len(changes(PROGRAM, replace(PROGRAM, **other))) == 1


@pytest.mark.parametrize("group", ["passages", "words", "vectors", "scale"])
def test_each_group_of_numbers_that_differs_is_a_reason(group: str) -> None:
    assert len(changes(PROGRAM, replace(PROGRAM, **recipe(**{group: OTHER})))) == 1
