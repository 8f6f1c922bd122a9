"""A name is found and lit as itself, whatever an apostrophe ties to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Mode, Searcher
from index.embedding.model import Model
from tests.index.world import World

TURKISH = {
    "rize": "Rize’deki çay üreticileri Trabzon'un kararını bekliyor. Heyet, Giresun’dan sonra NATO'ya gidecek.",
    "liman": "Limanda yeni vinçler kuruldu ve işçiler bayramdan sonra çalışmaya başlayacak, dedi müdür.",
}
FRENCH = {
    "europe": "Le ministre a parlé de l'Europe et d’Estonie devant les députés, qui n'ont pas voté la loi hier soir.",
    "port": "Les marins du port ont attendu l'aube pour sortir ; l’orage avait duré toute la nuit, selon eux.",
}
ENGLISH = {
    "darcy": "Rosa D'Arcy met O'Hara at the gate of the yard and refused to speak of the contract or of the ferry.",
    "sana": "Aid reached Sana'a by road on Tuesday, and the drivers turned back before the night, the agency said.",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Iterator[Searcher]:
    titles = {key: " ".join(text.split()[:3]) for texts in (TURKISH, FRENCH, ENGLISH) for key, text in texts.items()}
    world = World(tmp_path_factory.mktemp("apostrophes"), model)
    for language, texts in (("tr", TURKISH), ("fr", FRENCH), ("en", ENGLISH)):
        lines = [
            json.dumps({"id": key, "title": titles[key], "text": text, "lang": language}) for key, text in texts.items()
        ]
        Path(world.folder / f"{language}.jsonl").write_text("\n".join(lines), "utf-8")
    world.add()
    world.build()
    with Searcher.open(world.root) as opened:
        yield opened


def found(searcher: Searcher, question: str) -> dict[str, list[str]]:
    """Return what lights up in each article that answers by words."""
    return {
        hit.article.record or "": [hit.passage.text[mark.start : mark.end] for mark in hit.highlights]
        for hit in searcher.search(question, mode=Mode.LEXICAL)
    }


@pytest.mark.parametrize("name", ["Rize", "Trabzon", "Giresun", "NATO"])
@pytest.mark.parametrize("asked", ["{}", '"{}"', "+{}", "+{} -liman"])
def test_a_turkish_name_is_found_by_itself(searcher: Searcher, name: str, asked: str) -> None:
    assert found(searcher, asked.format(name)) == {"rize": [name]}


@pytest.mark.parametrize("question", ["Rize'deki", "+Rize'den", '"Trabzon’un kararını"', "title:Rize'de", "title:rize"])
def test_a_turkish_name_may_be_typed_with_an_ending(searcher: Searcher, question: str) -> None:
    assert list(found(searcher, question)) == ["rize"]
    assert list(found(searcher, "-Rize'nin liman")) == ["liman"]


def test_a_phrase_keeps_to_the_ending_that_was_typed(searcher: Searcher) -> None:
    assert found(searcher, '"Trabzon\'un kararını"') == {"rize": ["Trabzon", "'un", "kararını"]}
    assert found(searcher, '"Trabzon\'da kararını"') == found(searcher, '"Trabzon kararını"') == {}


def test_an_elided_article_lights_nothing(searcher: Searcher) -> None:
    assert found(searcher, "l'Europe") == found(searcher, "+d'Europe") == {"europe": ["Europe"]}
    assert found(searcher, "\"de l'Europe et d'Estonie\"")["europe"] != []
    assert found(searcher, "l'Estonie port") == {"europe": ["Estonie"], "port": ["port"]}


@pytest.mark.parametrize(
    ("question", "lit"),
    [
        ("Arcy", "Arcy"),
        ("DArcy", "D'Arcy"),
        ("+D'Arcy", "D'Arcy"),
        ("Hara", "Hara"),
        ("OHara", "O'Hara"),
        ("O Hara", "O'Hara"),
    ],
)
def test_a_name_is_found_however_its_apostrophe_is_typed(searcher: Searcher, question: str, lit: str) -> None:
    assert found(searcher, question) == {"darcy": [lit]}


def test_a_name_is_no_turkish_word_in_an_english_article(searcher: Searcher) -> None:
    assert found(searcher, "Sana'a") == found(searcher, "Sanaa") == {"sana": ["Sana'a"]}
    assert found(searcher, "Sana") == {}
