"""A searcher, or an archive, that is used after it was closed says so in one sentence, whatever is asked of it."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import UsageError
from index import Searcher, passage_rule
from index.contracts.options import Mode
from index.query.parser import parse

DESCRIPTORS = Path("/proc/self/fd")
# what asks nothing of the index: a searcher that was closed has no encoder to load
STILL = {"close", "open", "warm", "encoder_ready", "archive", "generation", "closed"}
# what is known without the catalog
KNOWN = {"close", "open", "create", "id", "readers", "root", "settings", "layout", "preview", "owner"}


def public(of: type) -> set[str]:
    return {name for name in dir(of) if not name.startswith("_")}


def test_every_method_of_a_closed_searcher_raises_one_error_of_ours(fresh_archive: Callable[[], Path]) -> None:
    with Searcher.open(fresh_archive()) as searcher:
        answer = searcher.search("Ukraine", mode=Mode.LEXICAL)
        hit, article = answer.hits[0], answer.hits[0].article.id
    asked: dict[str, Callable[[], object]] = {
        "search": lambda: searcher.search("Ukraine"),
        "facets": lambda: searcher.facets("Ukraine"),
        "explain": lambda: searcher.explain(answer),
        "copies": lambda: searcher.copies(answer, hit),
        "folded": lambda: searcher.folded(answer, hit),
        "encode": lambda: searcher.encode("Ukraine"),
        "records": lambda: searcher.records(parse("Ukraine"), Mode.LEXICAL, 10),
        "articles": lambda: searcher.articles(parse("Ukraine"), Mode.LEXICAL, 10),
        "answering": lambda: searcher.answering(parse("Ukraine"), Mode.LEXICAL),
        "highlights": lambda: searcher.highlights("Ukraine", "in Ukraine"),
        "view": lambda: searcher.view(article),
        "behind": searcher.behind,
        "degraded": lambda: searcher.degraded,
        "newer": searcher.newer,
        "reopened": searcher.reopened,
    }
    assert asked.keys() == public(Searcher) - STILL
    assert searcher.closed
    assert not searcher.warm()
    assert [name for name, ask in asked.items() if "was closed" not in told(ask)] == []
    searcher.close()


def test_every_method_of_a_closed_archive_raises_one_error_of_ours(
    fresh_archive: Callable[[], Path], tmp_path: Path
) -> None:
    root, news = fresh_archive(), tmp_path / "news"
    news.mkdir()
    with Archive.open(root) as archive:
        article = next(archive.articles())
        source, passage = archive.sources()[0].id, archive.passages(article.id, article.version)[0]
        rule = passage_rule(archive.settings)
    place = (article.id, article.version, passage.start, passage.end)
    used: dict[str, Callable[[], object]] = {
        "add": lambda: archive.add([news], rule),
        "add_plain": lambda: archive.add_plain(news, rule),
        "affected": lambda: archive.affected(article.id),
        "article": lambda: archive.article(article.id),
        "articles": lambda: list(archive.articles()),
        "awaited": lambda: archive.awaited,
        "behind": lambda: archive.behind(0),
        "check": lambda: list(archive.check()),
        "copy_catalog": lambda: archive.copy_catalog(tmp_path / "copy.sqlite"),
        "derivation": lambda: archive.derivation(article.id, article.version),
        "end_repair": archive.end_repair,
        "await_lost": lambda: archive.await_lost({}, under_way=False),
        "is_repaired": lambda: archive.is_repaired,
        "learn": archive.learn,
        "foresee_purge": lambda: archive.foresee_purge([article.id]),
        "withdrawn": lambda: archive.withdrawn([article.id]),
        "follow": lambda: archive.follow(passage.id),
        "follows": lambda: archive.follows(0, ""),
        "gone": lambda: archive.gone,
        "half_read": lambda: archive.half_read,
        "has_parts": archive.has_parts,
        "is_empty": lambda: archive.is_empty,
        "matching_ids": lambda: archive.matching_ids(article.id),
        "name_state": archive.name_state,
        "note_backup": lambda: archive.note_backup(tmp_path),
        "notebook": lambda: archive.notebook.clips(),
        "outdated": archive.outdated,
        "parts": lambda: archive.parts(article.id, article.version),
        "parts_at": lambda: archive.parts_at([place]),
        "passage": lambda: archive.passage(passage.id),
        "passage_texts": lambda: archive.passage_texts([place]),
        "passages": lambda: archive.passages(article.id, article.version),
        "purge": lambda: archive.purge(article.id),
        "purge_reached": lambda: archive.purge_reached(None),
        "purged": archive.purged,
        "purging": lambda: archive.purging,
        "quotations": lambda: archive.quotations([place]),
        "recut": lambda: archive.recut(rule),
        "refusals": archive.refusals,
        "remove": lambda: archive.remove(article.id),
        "removed_since": lambda: archive.removed_since(0),
        "restore": lambda: archive.restore(article.id),
        "scrub": archive.scrub,
        "snapshot": lambda: _entered(archive.snapshot()),
        "sources": archive.sources,
        "traces": lambda: list(archive.traces()),
        "update": lambda: archive.update(rule, sources=[source]),
        "version": lambda: archive.version(article.id, article.version),
        "version_digests": lambda: archive.version_digests(article.id),
        "versions": lambda: archive.versions(article.id),
    }
    assert used.keys() >= public(Archive) - KNOWN - {"writing"}
    assert [name for name, use in used.items() if "was closed" not in told(use)] == []
    assert not (tmp_path / "copy.sqlite").exists()
    archive.close()


def told(use: Callable[[], object]) -> str:
    """Use something; return what an error of ours says, which any other error is not."""
    try:
        use()
    except UsageError as error:
        return error.message
    return ""


def _entered(context: AbstractContextManager[object]) -> None:
    with context:
        pass


def test_a_searcher_that_is_closed_while_others_ask_answers_or_says_so(fresh_archive: Callable[[], Path]) -> None:
    searcher, wrong, began = Searcher.open(fresh_archive()), list[BaseException](), threading.Barrier(5)

    def ask() -> None:
        began.wait()
        try:
            for _ in range(200):
                searcher.search("Ukraine", mode=Mode.LEXICAL)
        except UsageError:
            pass
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    began.wait()
    searcher.close()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(not DESCRIPTORS.is_dir(), reason="counts descriptors in /proc")
def test_a_searcher_that_is_closed_keeps_no_file_of_its_generation(fresh_archive: Callable[[], Path]) -> None:
    """Without the collector: a UI that takes up one rebuild after the other would run out of descriptors before it."""
    place, left = fresh_archive(), []
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            with Searcher.open(place) as searcher:
                assert searcher.warm()
                assert searcher.search("Ukraine").hits
                used = len(list(DESCRIPTORS.iterdir()))
            del searcher
            left.append(len(list(DESCRIPTORS.iterdir())))
    finally:
        gc.enable()
    assert left[0] + 20 < used
    assert left[2] == left[0], "what the encoder's first use opens for the process is in the first"
