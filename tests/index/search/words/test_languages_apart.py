"""What an archive holds in one language changes no answer about an article in another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from index import Mode, Searcher
from index.embedding.model import Model
from index.lexical import ENGINES
from tests.index.world import World

ENGLISH = {
    "mart": "The new mart beside the quay opened on Monday. Two other marts of the old town will close before Easter.",
    "martin": "Martin sold the ferry to the council for a crown. The papers were signed by the notary in the evening.",
    "mar": "Rain will mar the regatta, the sailing club fears. It marred the last one, when eleven boats turned back.",
    "marin": "Marin won the regatta by a length. She thanked the two women who had mended her boat during the night.",
    "medina": "Medina reads the news on the radio of the port. Her voice is known to every skipper of the coast.",
    "the": "Nobody asked the pilots, and the pilots said so when the minister came to see them at the harbour gate.",
}
OTHERS = {
    "tr": "Belediye limanın yanına yeni bir çarşı açtı ve eski çarşıyı kapattı. Esnaf kiralardan yakınıyor.",
    "de": "Die Stadt hat am Hafen einen neuen Markt eröffnet. Die alten Händler wollen ihre Stände nicht aufgeben.",
    "fr": "La ville a ouvert un nouveau marché au bord du port. Les marchands de la vieille halle refusent de partir.",
    "es": "La ciudad abrió un mercado nuevo junto al puerto. Los vendedores del viejo no quieren dejar sus puestos.",
}
QUESTIONS = (
    "Martin", "+Martin", "-Martin regatta", '"Martin" ferry', "Marin", "+Marin", "regatta -Marin", "medina medin",
    "+medin", "mart marts", "+marts", "the", "+the", '"the pilots"', "the regatta", "marred", "title:marin", "pilots~",
)  # fmt: skip


def put(world: World, name: str, texts: Mapping[str, str], language: str | None) -> None:
    records = [
        {"id": key, "title": f"Report {number}", "text": text, "lang": language or key}
        for number, (key, text) in enumerate(texts.items())
    ]
    (world.folder / name).write_text("\n".join(map(json.dumps, records)), "utf-8")
    world.add()
    world.build()


def answers(world: World) -> dict[str, dict[str, list[str]]]:
    """Return what each question lights in each English article that answers it."""
    with Searcher.open(world.root) as searcher:
        found = {question: searcher.search(question, k=50, mode=Mode.LEXICAL) for question in QUESTIONS}
    return {
        question: {
            hit.article.record or "": [hit.passage.text[mark.start : mark.end] for mark in hit.highlights]
            for hit in answer
            if hit.article.language == "en"
        }
        for question, answer in found.items()
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_other_languages_change_no_answer_about_english_articles(tmp_path: Path, model: Model, engine: str) -> None:
    world = World(tmp_path, model)
    world.set('engine = "auto"', f'engine = "{engine}"')
    put(world, "english.jsonl", ENGLISH, "en")
    alone = answers(world)
    assert alone["+Martin"] == {"martin": ["Martin"]}
    assert list(alone["regatta -Marin"]) == ["mar"]
    assert alone["marred"] == {"mar": ["mar", "marred"]}
    put(world, "others.jsonl", OTHERS, None)
    assert answers(world) == alone


def test_a_word_weighs_by_all_articles_that_hold_it_whatever_their_language(tmp_path: Path, model: Model) -> None:
    """Two of a hundred articles are in German; the name in one of them is no rarer than in the English ones."""
    world = World(tmp_path, model)
    english = {f"en{number}": f"Lindqvist spoke to the pilots of pier {number} on Monday." for number in range(40)}
    put(world, "english.jsonl", english, "en")
    german = {"de0": "Lindqvist sprach am Montag mit den Lotsen über die neuen Regeln im Hafen der Stadt."}
    put(world, "german.jsonl", german, "de")
    with Searcher.open(world.root) as searcher:
        answer = searcher.search("Lindqvist", k=50, mode=Mode.LEXICAL)
        shares = {hit.article.record: one.shares[0] for hit, one in zip(answer, searcher.explain(answer), strict=True)}
    assert shares["de0"].word == "lindqvist"
    assert shares["de0"].article < 2 * shares["en0"].article
