"""How often a Turkish name is found by itself where an ending is tied to it (Ankara'da), bare and in quotation marks.

Usage: python benchmarks/turkish_names.py DOCUMENTS [LANGUAGE]

DOCUMENTS is JSON Lines of articles; of those whose ``lang`` is LANGUAGE (tr) an archive is made. Names are all
capitalised words that stand before an apostrophe and small letters in at least three articles. Prints, of the pairs of
a name and an article that has it so, how many are found by the name: as a plain word, with ``+``, in quotation marks.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import regex
from measure import arguments, show
from synthetic import CheapEncoder

from archive import Archive
from index import Group, Mode, Searcher, build, passage_rule

FEWEST = 3
_NAME = regex.compile(r"(?<![\w'’])(\p{Lu}\p{L}+)['’]\p{Ll}+")
_KINDS = ("{}", "+{}", '"{}"')


def main(documents: Path, language: str = "tr") -> None:
    """Make the archive, ask for each name and count."""
    lines = documents.read_text("utf-8").splitlines()
    articles = [one for one in map(json.loads, lines) if one["lang"] == language]
    every = defaultdict[str, set[str]](set)
    for one in articles:
        for match in _NAME.finditer(f"{one['title']}\n{one['text']}"):
            every[match[1]].add(one["id"])
    named = {name: held for name, held in every.items() if len(held) >= FEWEST}
    pairs = sum(map(len, named.values()))
    with TemporaryDirectory() as folder:
        root, news = Path(folder) / "archive", Path(folder) / "news"
        news.mkdir()
        (news / "articles.jsonl").write_text("\n".join(map(json.dumps, articles)) + "\n", "utf-8")
        Archive.create(root).close()
        with Archive.open(root) as archive:
            archive.add([news], passage_rule(archive.settings))
            build(archive, encoder=CheapEncoder)
        with Searcher.open(root) as searcher:
            rows = [(kind.format("name"), *_found(searcher, kind, named, pairs)) for kind in _KINDS]
    show(f"{len(articles)} articles, {len(named)} names, {pairs:,} pairs", ("asked", "found", "share"), rows)


def _found(searcher: Searcher, kind: str, named: dict[str, set[str]], pairs: int) -> tuple[str, str]:
    found = 0
    for name, held in named.items():
        answer = searcher.search(kind.format(name), k=2_000, mode=Mode.LEXICAL, group=Group.ARTICLE, nearest=True)
        found += len(held & {hit.article.record for hit in answer})
    return f"{found:,}", f"{found / pairs:.1%}"


if __name__ == "__main__":
    first, *rest = arguments(1)
    main(Path(first), *rest)
