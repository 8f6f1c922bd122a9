"""Numbers, designators, acronyms and names are found in whatever way they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Mode, Searcher
from index.embedding.model import Model
from index.lexical import ENGINES
from tests.index.world import World

ARTICLES = {
    "comma": ("en", "Some 250,000 litres of paint leaked into the bay; 4,000 gulls were washed by hand, they said."),
    "point": ("de", "Rund 250.000 Liter Farbe liefen in die Bucht, hieß es. Ein Liter kostet sonst 7,85 Kronen."),
    "space": ("fr", "En 2021 250 000 litres de peinture ont coulé dans la baie, selon la mairie, qui a porté plainte."),
    "plain": ("en", "The yard bought 250000 rivets for the hull at a price of 7.85 crowns a pound, it says."),
    "hyphen": ("en", "A T-80 stood at the gate, and the Il-76 had landed before dawn. The sea-wall was open to all."),
    "whole": ("en", "The T80 was taken to a museum. An IL76 flew over the seawall at noon, and nobody saw it."),
    "apart": ("en", "The crew of the IL 76 slept in a school near the port and had no blankets."),
    "acronym": ("en", "The US asked the WHO for help. An IT firm sent engineers, and the U.S. consul paid."),
    "pronoun": ("en", "Who helps us? It is late, said the baker; nobody told us who would come, cold for us."),
    "umlaut": ("de", "Kapitän Böhme verließ das Schiff als Letzter. Die Reederei dankte ihm am Abend mit einer Uhr."),
    "spelled": ("en", "Captain Boehme left the ship last. The owners gave him a watch for it at dinner."),
    "chinese": ("zh", "工会周一宣布罢工。港口的起重机停止工作，船只在海湾等待。市长呼吁双方回到谈判桌前。"),
    "thai": ("th", "คนงานท่าเรือนัดหยุดงานในวันจันทร์ เรือหลายลำรออยู่ในอ่าว นายกเทศมนตรีเรียกร้องให้เจรจากัน"),
}  # fmt: skip
FOUND: tuple[tuple[str, dict[str, str]], ...] = (
    ("250000 litres", {"comma": "250,000", "plain": "250000", "space": "250 000", "point": "250.000"}),
    ("+250.000", {"comma": "250,000", "plain": "250000", "space": "250 000", "point": "250.000"}),
    ('"250,000 litres"', {"comma": "250,000", "space": "250 000"}),
    ("000", {}),
    ("85 crowns", {"plain": "crowns"}),
    ("7,85", {"plain": "7.85", "point": "7,85"}),
    ("2021", {"space": "2021"}),
    ("T-80", {"hyphen": "T-80", "whole": "T80"}),
    ('"T80"', {"hyphen": "T", "whole": "T80"}),
    ("+IL76", {"hyphen": "Il-76", "whole": "IL76", "apart": "IL 76"}),
    ('"the Il-76"', {"hyphen": "the", "apart": "the"}),
    ("+sea-wall", {"hyphen": "sea-wall", "whole": "seawall"}),
    ("76", {"apart": "76"}),
    ("seawall", {"hyphen": "sea-wall", "whole": "seawall"}),
    ("US", {"acronym": "US"}),
    ("+WHO", {"acronym": "WHO"}),
    ("IT", {"acronym": "IT"}),
    ("U.S.", {"acronym": "US"}),
    ("us", {"acronym": "US", "pronoun": "us"}),
    ("Boehme", {"umlaut": "Böhme", "spelled": "Boehme"}),
    ("+Böhme", {"umlaut": "Böhme", "spelled": "Boehme"}),
    ("船", {"chinese": "船只"}),
    ("+工", {"chinese": "工会"}),
    ("-猫 港口", {"chinese": "港口"}),
    ("-桌 港口", {}),
    ("ท่าเรือ", {"thai": "ท่าเรือ"}),
)  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: Model
) -> Iterator[Searcher]:
    world = World(tmp_path_factory.mktemp("ways"), model)
    world.set('engine = "auto"', f'engine = "{request.param}"')
    lines = [
        json.dumps({"id": key, "title": "-", "text": text, "lang": code}) for key, (code, text) in ARTICLES.items()
    ]
    Path(world.folder / "articles.jsonl").write_text("\n".join(lines), "utf-8")
    world.add()
    world.build()
    with Searcher.open(world.root) as opened:
        yield opened


@pytest.mark.parametrize(("question", "expected"), FOUND, ids=[question for question, _ in FOUND])
def test_a_word_is_found_in_whatever_way_it_is_written(
    searcher: Searcher, question: str, expected: dict[str, str]
) -> None:
    lit = {
        hit.article.record or "": [hit.passage.text[mark.start : mark.end] for mark in hit.highlights]
        for hit in searcher.search(question, k=50, mode=Mode.LEXICAL, nearest=True)
    }
    assert set(lit) == set(expected)
    assert all(word in lit[record] for record, word in expected.items())


def test_an_acronym_lights_no_pronoun(searcher: Searcher) -> None:
    (hit,) = searcher.search("US WHO help", mode=Mode.LEXICAL, k=1)
    assert [hit.passage.text[mark.start : mark.end] for mark in hit.highlights] == ["US", "WHO", "help", "U.S."]
    others = searcher.search("US baker", mode=Mode.LEXICAL)
    lit = {hit.article.record: [hit.passage.text[mark.start : mark.end] for mark in hit.highlights] for hit in others}
    assert lit["pronoun"] == ["baker"]


def test_an_acronym_that_no_article_has_is_a_word(searcher: Searcher) -> None:
    (hit,) = searcher.search("COLD", mode=Mode.LEXICAL)
    assert hit.article.record == "pronoun"
    assert searcher.search("MAY", mode=Mode.LEXICAL).hits == searcher.search("may", mode=Mode.LEXICAL).hits
