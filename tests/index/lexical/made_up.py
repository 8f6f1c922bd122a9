"""Made-up documents for every lexical engine, and what plain reading finds in them."""

from __future__ import annotations

import random
from pathlib import Path

from index import lexical
from index.analysis.pieces import BREAK
from index.contracts.conditions import AllOf, AnyOf, Condition, Dated, Field, Not, Phrase, Term, Where
from index.contracts.engines import IndexedDocument, Table

VOCABULARY = (*(f"w{number}" for number in range(24)), "東京", "京都", "都知", "ümit", "x" * 64)
DAYS = (0, 20211231, 20220101, 20220120, 20220228)


def made_up(count: int, seed: int, longest: int) -> list[IndexedDocument]:
    """Documents of random words, frequent ones first, with a break in the middle of some."""
    chance = random.Random(seed)
    weights = [1 / (place + 1) for place in range(len(VOCABULARY))]
    made = []
    for _ in range(count):
        folded = chance.choices(VOCABULARY, weights, k=chance.randint(0, longest))
        stemmed = [token.replace("w1", "v1") for token in folded if token != "w0"]
        if len(folded) > 4 and chance.random() < 0.5:
            folded.insert(len(folded) // 2, BREAK)
        made.append(IndexedDocument(" ".join(folded), " ".join(stemmed), chance.choice(DAYS)))
    return made


DOCUMENTS = {Table.ARTICLES: made_up(120, 1, 60), Table.PASSAGES: made_up(400, 2, 18)}


def written(name: str, folder: Path, documents: dict[Table, list[IndexedDocument]]) -> Path:
    folder.mkdir(parents=True)
    writer = lexical.engine(name).writer(folder)
    for table, of_table in documents.items():
        for document in of_table:
            writer.add(table, document)
    writer.finish()
    return folder


def holds(condition: Condition, document: IndexedDocument) -> bool:
    """Say plainly whether a condition holds; exact phrases only."""
    match condition:
        case Term(field=field, token=token):
            return token in (document.folded if field == Field.FOLDED else document.stemmed).split(" ")
        case Phrase(tokens=(first, second), ordered=True):
            row = tuple(document.folded.split(" "))
            return first in row and second in row[row.index(first) + 1 :]
        case Phrase(tokens=tokens):
            row = tuple(document.folded.split(" "))
            return any(row[at : at + len(tokens)] == tokens for at in range(len(row)))
        case AnyOf(parts=parts):
            return any(holds(part, document) for part in parts)
        case AllOf(parts=parts):
            return all(holds(part, document) for part in parts)
        case Not(part=part):
            return not holds(part, document)
        case Where(what=Dated() as dated):
            return dated.numbers[0] <= document.day <= dated.numbers[1]
    raise TypeError(condition)
