"""Make a judged collection of newswire items: a topic's name is a query, the items filed under it are its answers.

Coarse judgements by editors, for a cross-check on news; every second item that has a topic is taken.

Usage: python benchmarks/reuters_topics.py REUTERS FOLDER, then benchmarks/fusion.py KEEP FOLDER
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from measure import arguments

from index.evaluation.measures import DOCUMENTS, QRELS, QUERIES

TOPICS = {
    "acq": "mergers and acquisitions of companies",
    "alum": "aluminium",
    "barley": "barley",
    "bop": "balance of payments",
    "carcass": "beef and pork meat",
    "cocoa": "cocoa",
    "coffee": "coffee",
    "copper": "copper",
    "corn": "corn",
    "cotton": "cotton",
    "cpi": "consumer prices and inflation",
    "crude": "crude oil",
    "dlr": "the dollar exchange rate",
    "earn": "company earnings and dividends",
    "gas": "gasoline",
    "gnp": "gross national product and economic growth",
    "gold": "gold",
    "grain": "grain",
    "interest": "interest rates",
    "ipi": "industrial production",
    "iron-steel": "iron and steel",
    "jobs": "employment and unemployment",
    "livestock": "cattle and hogs",
    "money-fx": "foreign exchange and money markets",
    "money-supply": "money supply",
    "nat-gas": "natural gas",
    "oilseed": "oilseeds",
    "palm-oil": "palm oil",
    "pet-chem": "petrochemicals",
    "reserves": "foreign currency reserves of central banks",
    "rice": "rice",
    "rubber": "natural rubber",
    "ship": "shipping",
    "silver": "silver",
    "soybean": "soybeans",
    "strategic-metal": "strategic metals",
    "sugar": "sugar",
    "tin": "tin",
    "trade": "foreign trade deficits and tariffs",
    "veg-oil": "vegetable oil",
    "wheat": "wheat",
    "wpi": "wholesale prices",
    "yen": "the yen exchange rate",
}


def main(reuters: Path, folder: Path) -> None:
    """Write documents, queries and judgements."""
    with (reuters / DOCUMENTS).open(encoding="utf-8") as lines:
        items = [one for one in map(json.loads, lines) if one["topics"]][::2]
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / DOCUMENTS, [{key: one[key] for key in ("id", "title", "text")} for one in items])
    _write(folder / QUERIES, [{"id": topic, "text": text} for topic, text in TOPICS.items()])
    judged = (f"{topic}\t{one['id']}\t1\n" for one in items for topic in one["topics"] if topic in TOPICS)
    (folder / QRELS).write_text("".join(judged), "utf-8")


def _write(path: Path, records: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")


if __name__ == "__main__":
    reuters, folder = map(Path, arguments(2))
    main(reuters, folder)
