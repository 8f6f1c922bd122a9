"""All that is asked of the archive, from threads; what comes of it is posted as messages."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Final

from textual.message import Message

from archive.core.errors import ArchiveError
from tui.app import messages, notices
from tui.app.view import article_page
from tui.app.view.why import why_lines
from tui.formats.facts import known_versions, left_out
from tui.formats.remedies import advised
from tui.session import counts as counted
from tui.session.request import Request, stages
from tui.session.searcher_pool import SearcherPool
from tui.session.session import Shown

if TYPE_CHECKING:
    from archive.catalog.reading import Withheld
    from index.query.ast import Query
    from index.search.answer import Answer, Hit
    from index.search.searcher import Searcher

POLL_SECONDS: Final = 5.0
"""Between looks for a newer index and for what others removed: few, as each reads files; soon enough for who has just
updated. Chosen, not measured."""
PAUSE_SECONDS: Final = 0.08
"""Between the lexical and the hybrid answer: the model is left alone while somebody types. Chosen, not measured."""

_ALL: Final = "(date:none OR date:..9999)"
"""A question that every article answers."""

Opener = Callable[[], "Searcher"]
Post = Callable[[Message], object]


class ArchiveWorker:
    """Opens the archive and puts questions to it; every method may be slow and is called in a thread.

    Args:
        opener: opens the archive; may raise any ``ArchiveError``.
        archive: its folder, where that is known, so that advice names it.
    """

    def __init__(self, opener: Opener, archive: Path | None = None) -> None:
        self.archive = archive
        self.pool = SearcherPool()
        self._opener = opener
        self._last_hybrid_ms = 0.0
        self._threads: list[Thread] = []

    @property
    def busy(self) -> bool:
        """Tell whether the archive is still being opened or the encoder loaded."""
        return any(thread.is_alive() for thread in self._threads)

    def start(self, work: Callable[[Post], None], post: Post) -> None:
        """Do something in a thread of its own, which leaving does not wait for, unlike a worker's."""
        thread = Thread(target=work, args=(post,), daemon=True)
        self._threads = [*(thread for thread in self._threads if thread.is_alive()), thread]
        thread.start()

    def open(self, post: Post) -> None:
        """Open the archive, or its newest index when it is open already."""
        try:
            searcher = self._newest()
            empty = searcher.archive.is_empty
        except Exception as error:  # whatever it is, it is shown in words
            post(messages.SearchFailed(notices.trouble(error, self.archive)))
        else:
            self.pool.replace(searcher)
            _set_aside()
            post(messages.ArchiveOpened(searcher.generation, empty, searcher.archive.id))

    def _newest(self) -> Searcher:
        if not self.pool.open:
            return self._opener()
        with self.pool.lend() as searcher:
            return searcher.reopened()

    def load_encoder(self, post: Post) -> None:
        """Load the query encoder."""
        ready = False
        with self._reporting(post), self.pool.lend() as searcher:
            ready = searcher.warm()
        _set_aside()
        post(messages.EncoderLoaded(ready))

    def answer(self, request: Request, post: Post, stale: Callable[[], bool]) -> None:
        """Answer a question, words first where meaning takes longer; stop between the stages once it is stale."""
        from index.contracts.options import Group, Mode, Order

        if request.asked is None:
            return
        try:
            with self.pool.lend() as searcher:
                pace = self._last_hybrid_ms
                modes = stages(request.mode, searcher.encoder_ready, pace, at_once=request.keep)
                for mode in modes:
                    if mode != modes[0]:
                        sleep(PAUSE_SECONDS)
                    if stale():
                        return
                    began = perf_counter()
                    # spellings are looked for once a word is finished, and not for half an answer
                    spells = request.question.expand if mode == modes[-1] and not request.typing else None
                    asked = replace(request.narrowing.of(request.asked.strip()), expand=spells)
                    shape = request.k, Mode(mode), Group(request.group), request.nearest
                    answer = searcher.search(asked, *shape, order=Order(request.order))
                    if mode == "hybrid":
                        self._last_hybrid_ms = (perf_counter() - began) * 1000
                    post(messages.Answered(Shown(request, answer, whole=mode == modes[-1])))
        except Exception as error:  # whatever it is, it is shown in words
            post(messages.SearchFailed(notices.trouble(error, self.archive), request.number))

    def count(self, request: Request, post: Post, stale: Callable[[], bool]) -> None:
        """Count all that matches a question; nothing comes of it once it is stale."""
        try:
            with self.pool.lend() as searcher:
                counts = counted.count(searcher, request, stale)
        except Exception as error:  # whatever it is, it is shown in words
            if not stale():
                post(messages.CountFailed(request.counted, notices.trouble(error, self.archive).heading))
        else:
            if counts is not None and not stale():
                post(messages.Counted(counts))

    def find_folded(self, answer: Answer, hit: Hit, post: Post) -> None:
        """Look up what was folded under a hit."""
        with self._reporting(post), self.pool.lend() as searcher:
            from index.search.passed_over import PassedOver

            passed_over = PassedOver()
            post(messages.FoldedHitsFound(answer, hit, searcher.folded(answer, hit, passed_over)))
            for sentence in passed_over.sentences:
                post(messages.OperationFailed(advised(sentence)))

    def count_archive(self, post: Post) -> None:
        """Count all that the archive holds, and look from when to when."""
        with self._reporting(post), self.pool.lend() as searcher:
            post(messages.ArchiveCounted(searcher.facets(_ALL, by=()).totals))

    def explain(self, answer: Answer, hit: Hit, post: Post) -> None:
        """Work out why a hit is in its answer; what was folded under one of the answer has no sums of its own."""
        with self._reporting(post), self.pool.lend() as searcher:
            listed = zip(answer.hits, searcher.explain(answer), strict=False)
            sums = next((tuple(each.lines()) for other, each in listed if other.passage == hit.passage), ())
            post(messages.HitExplained(hit, tuple(why_lines(answer, hit, sums))))

    def check_index(self, post: Post) -> None:
        """Look whether the index is behind the catalog, and whether a newer one is there."""
        with self._reporting(post), self.pool.lend() as searcher:
            newer = searcher.newer()
            post(messages.IndexState(0 if newer else searcher.behind(), newer))

    def withdrawn(self, articles: Collection[str]) -> dict[str, Withheld]:
        """Return which of some articles were removed or erased; none while there is no archive."""
        if not (articles and self.pool.open):
            return {}
        with self.pool.lend() as searcher:
            return searcher.archive.withdrawn(articles)

    def find_withdrawn(self, articles: Collection[str], post: Post) -> None:
        """Look which of some articles were removed or erased since they were found."""
        from archive.catalog.reading import Withheld

        with suppress(ArchiveError, OSError):  # which ``check_index`` tells
            found = self.withdrawn(articles)
            removed = frozenset(one for one, why in found.items() if why is Withheld.REMOVED)
            post(messages.Withdrawn(removed, frozenset(found) - removed))

    def read_article(self, hit: Hit, query: Query, post: Post, stale: Callable[[], bool]) -> None:
        """Read the article of a hit; nothing comes of it once it is stale."""
        with self._reporting(post), self.pool.lend() as searcher:
            page = article_page.read_page(searcher, hit, query)
            if not stale():
                post(messages.ArticleRead(page))

    def find_nearest(self, page: article_page.Page, post: Post, stale: Callable[[], bool]) -> None:
        """Look for the sentence of a hit that is nearest in meaning, once the article is drawn."""
        with self._reporting(post), self.pool.lend() as searcher:
            if searcher.encoder_ready and not stale():
                post(messages.NearestFound(page.with_nearest()))

    def find_matches(self, page: article_page.Page, post: Post) -> None:
        """Find all matches in a long article."""
        with self._reporting(post), self.pool.lend() as searcher:
            post(messages.MatchesFound(article_page.with_all_matches(searcher, page)))

    def find_versions(self, page: article_page.Page, post: Post) -> None:
        """Look up every version of an article."""
        with self._reporting(post), self.pool.lend() as searcher:
            known = known_versions(searcher.archive, page.article.id)
            post(messages.VersionsFound(page.article, known.sound))
            if known.damaged:
                post(messages.OperationFailed(advised(left_out(known.damaged))))

    def find_news(self, post: Post, *, patient: bool = False) -> None:
        """Look up what is new of every saved question; not now where ``patient``, while the encoder is not loaded."""
        from index.search.news import news

        with self._reporting(post), self.pool.lend() as searcher:
            if patient and not searcher.encoder_ready:
                return
            saved = searcher.archive.notebook.saved()
            post(messages.NewsFound({one.id: news(searcher, one) for one in saved}))

    def evaluate(self, post: Post) -> None:
        """Measure every mode over the judgements that are kept."""
        from index.evaluation.measures import evaluate_notebook

        try:
            with self.pool.lend() as searcher:
                post(messages.Evaluated(evaluate_notebook(searcher)))
        except Exception as error:  # whatever it is, it is shown in words
            post(messages.Evaluated(None, notices.trouble(error, self.archive).heading))

    @contextmanager
    def _reporting(self, post: Post) -> Iterator[None]:
        """Post an error in words, whatever it is, instead of ending the thread by it."""
        try:
            yield
        except Exception as error:  # whatever it is, it is shown in words
            post(messages.OperationFailed(notices.trouble(error, self.archive).heading))


def _set_aside() -> None:
    """Keep all that lasts as long as the archive is open out of Python's search for garbage.

    Every full one went through it for 60 to 90 ms, in which nothing is drawn (``benchmarks/ui.py``, 15,572 passages).
    What was set aside for an archive or index that is gone is looked through once more.
    """
    if gc.get_freeze_count():
        gc.unfreeze()
        gc.collect()
    gc.freeze()
