"""The JSON of the command, as the JSON Schemas in ``tui/schemas`` have it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from archive.text.visible import replaced
from tui.formats.remedies import advised, command_line, refusal_reason

if TYPE_CHECKING:
    from archive import Article, IngestReport, Outdated, Part, Passage, Refusal, Removal, Source, Version
    from archive.purge.purge import Purge
    from index import Answer, BuildReport, Hit, Problem, Status, VerifyReport
    from index.evaluation.measures import Evaluation, QueryResult
    from index.indexing.purge import PurgeReport
    from index.maintenance.backup import BackupReport
    from index.maintenance.chroma_export import ChromaExport
    from index.maintenance.gc import GcReport
    from index.maintenance.repair import RepairReport
    from index.ranking.score_breakdown import Arithmetic
    from index.search.answer import Leg
    from tui.formats.extras import HitExtras
    from tui.formats.facts import KnownVersion

SCHEMA: Final = 1
_ARITHMETIC_KEYS: Final = {"passage": "own", "best_passage": "best_own", "article_share": "bears"}
Json = dict[str, Any]


def to_line(value: Json) -> str:
    """Serialise as one line; what a terminal would obey or not show is escaped, so that the value is the same."""
    return replaced(json.dumps(value, ensure_ascii=False), lambda character: json.dumps(character)[1:-1])


def error_object(code: str, message: str, run: str | None) -> Json:
    """Return what a failure prints."""
    return {"schema": SCHEMA, "error": {"code": code, "message": message, "run": run}}


def answer_object(answer: Answer, extras: Sequence[HitExtras] = ()) -> Json:
    """Return what ``search --json`` prints."""
    return {
        "schema": SCHEMA,
        "query": answer.query.text,
        "read_as": str(answer.query),
        "notes": list(answer.notes),
        "mode": answer.mode,
        "group": answer.group,
        "generation": answer.generation,
        "took_ms": round(answer.took_ms, 3),
        "confidence": answer.confidence,
        "confidence_score": answer.confidence_score,
        "plan": answer.plan,
        "degraded": [advised(sentence) for sentence in answer.degraded],
        **({} if answer.covered is None else {"covered": answer.covered, "total": answer.total}),
        "hits": [
            hit_object(hit) | (_extras_object(extras[index]) if extras else {}) for index, hit in enumerate(answer)
        ],
    }


def _extras_object(given: HitExtras) -> Json:
    extras: Json = {}
    if given.arithmetic is not None:
        extras["arithmetic"] = _arithmetic_object(given.arithmetic)
    if given.copies is not None:
        extras["same_text"] = [_place_object(copy.article, copy.passage, copy.part) for copy in given.copies]
    if given.further is not None:
        extras["further"] = [
            _place_object(hit.article, hit.passage, hit.part) | _found_object(hit) for hit in given.further
        ]
    return extras


def _arithmetic_object(arithmetic: Arithmetic) -> Json:
    """Return the sums under the keys of schema 1, three of which are named otherwise in Python."""
    values = asdict(arithmetic)
    del values["tuning"], values["is_uncovered"]
    return {_ARITHMETIC_KEYS.get(name, name): value for name, value in values.items()}


def _place_object(article: Article, passage: Passage, part: Part | None) -> Json:
    return {
        "passage_id": passage.id,
        "article_id": article.id,
        "version": passage.version,
        "start": passage.start,
        "end": passage.end,
        "title": article.title,
        "outlet": article.outlet,
        "published": article.published,
        "path": article.path,
        "record": article.record,
        **_cited(part),
    }


def _cited(part: Part | None) -> Json:
    """Return the key of the part of a text that a passage begins in; none where the text has no such parts."""
    return {} if part is None else {"part": {"kind": part.kind, "label": part.label}}


def _found_object(hit: Hit) -> Json:
    return {
        "text": hit.passage.text,
        "highlights": _marks(hit),
        "score": hit.score,
        "lexical": _leg(hit.lexical),
        "semantic": _leg(hit.semantic),
        "reason": hit.reason,
    }


def hit_object(hit: Hit) -> Json:
    """Return one hit."""
    article, passage = hit.article, hit.passage
    return {
        "rank": hit.rank,
        "passage_id": passage.id,
        "article_id": article.id,
        "version": passage.version,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "lang": article.language,
        "path": article.path,
        "record": article.record,
        **_cited(hit.part),
        "start": passage.start,
        "end": passage.end,
        **_found_object(hit),
        "story": hit.story,
        "copies": hit.copies,
        **({"folded": hit.folded} if hit.folded else {}),
        **({} if hit.reranked is None else {"reranked": asdict(hit.reranked)}),
    }


def report_object(
    command: str, read: IngestReport, built: BuildReport | None, took_ms: float, *, dry_run: bool = False
) -> Json:
    """Return what ``add``, ``update`` and ``rebuild`` print."""
    return {
        "schema": SCHEMA,
        "command": command,
        "dry_run": dry_run,
        "generation": built.generation if built else 0,
        "articles": {
            "added": read.added,
            "changed": read.changed,
            "unchanged": read.unchanged,
            "moved": read.moved,
            "missing": read.missing,
            "refused": len(read.refusals),
        },
        "passages": {"total": built.passages if built else 0, "new": built.new if built else 0},
        "embedded": built.embedded if built else 0,
        "reused": built.reused if built else 0,
        "refusals": [refusal_object(refusal) for refusal in read.refusals],
        "engine": built.engine if built else "",
        "took_ms": round(took_ms, 3),
        **_reprocessed(read),
        **_unread(read),
    }


def _unread(read: IngestReport) -> Json:
    """Return what records state and nobody could read, and how many characters, where there is any."""
    fields = [
        {"path": one.path, "field": one.field, "role": one.role, "records": one.records, "example": one.value}
        for one in read.unread
    ]
    damaged = {"articles": read.damaged, "characters": read.damage}
    return {**({"unread": fields} if fields else {}), **({"damaged": damaged} if read.damaged else {})}


def _reprocessed(read: IngestReport) -> Json:
    """Return what newer rules did and left, where there was anything to do."""
    if not (read.reprocessed or read.kept or read.waiting.articles):
        return {}
    counts = {"articles": read.reprocessed, "passages": read.reprocessed_passages, "kept": read.kept}
    return {"reprocessed": {**counts, "waiting": _outdated(read.waiting)}}


def _outdated(outdated: Outdated) -> Json:
    return {"articles": outdated.articles, "passages": outdated.passages}


def refusal_object(refusal: Refusal) -> Json:
    """Return one refusal."""
    return {"path": refusal.path, "record": refusal.record, "code": refusal.code, "reason": refusal_reason(refusal)}


def verify_object(report: VerifyReport) -> Json:
    """Return what ``verify --json`` prints."""
    return {
        "schema": SCHEMA,
        "whole": report.whole,
        "checked": dict(report.checked),
        "problems": [problem_object(problem) for problem in report.problems],
    }


def problem_object(problem: Problem) -> Json:
    """Return something that is not as it should be, with what to run."""
    return {"code": problem.code, "file": problem.file, "what": problem.what, "run": command_line(problem.remedy)}


def evaluation_object(evaluation: Evaluation) -> Json:
    """Return what ``eval --json`` prints."""
    modes = {
        result.mode: {"ndcg@10": result.ndcg10, "recall@100": result.recall100, "mrr@10": result.mrr10}
        for result in evaluation.modes
    }
    compared = [asdict(comparison) for comparison in evaluation.comparisons]
    counts = {"queries": evaluation.queries, "documents": evaluation.documents}
    return {"schema": SCHEMA, "modes": modes, "comparisons": compared, **counts}


def query_result_object(result: QueryResult) -> Json:
    """Return one line of ``eval --per-query``."""
    figures = {"ndcg@10": result.ndcg10, "recall@100": result.recall100, "mrr@10": result.mrr10}
    return {"query": result.query, "text": result.text, "mode": result.mode, **figures}


def status_object(state: Status) -> Json:
    """Return what ``status --json`` prints."""
    begun, at_work = state.reembedding, state.writer
    return {
        "schema": SCHEMA,
        "archive": str(state.root),
        "id": state.id,
        "articles": state.articles,
        "gone": state.gone,
        "passages": state.passages,
        "generation": state.generation,
        "indexed_passages": state.indexed_passages,
        **({} if state.covered is None else {"covered": state.covered}),
        "behind": state.behind,
        "engine": state.engine,
        "built": state.built,
        "chroma": state.chroma and asdict(state.chroma),
        "meaning": state.meaning,
        "model": state.model,
        "reembedding": begun and {"vectors": begun.vectors, "passages": begun.passages},
        "writer": at_work and {"pid": at_work.pid, "host": at_work.host, "since": at_work.since},
        "refusals": [refusal_object(refusal) for refusal in state.refusals],
        "sizes": dict(state.sizes),
        "notes": [advised(note) for note in state.notes],
        **({"outdated": _outdated(state.outdated)} if state.outdated.articles else {}),
    }


def sources_object(sources: Iterable[Source], counts: Sequence[int]) -> Json:
    """Return what ``sources --json`` prints."""
    listed = [
        {"id": source.id, "root": source.root, "added": source.added, "articles": count}
        for source, count in zip(sources, counts, strict=True)
    ]
    return {"schema": SCHEMA, "sources": listed}


def removal_object(command: str, removal: Removal) -> Json:
    """Return what ``remove --json`` prints."""
    return _removed(command, removal.articles)


def dry_run_object(command: str, articles: Sequence[Article], foreseen: Purge | None) -> Json:
    """Return what ``remove --dry-run --json`` prints; ``would_erase`` with ``--purge``."""
    told = _removed(command, [one.id for one in articles])
    told |= {"dry_run": True, "titles": [one.title for one in articles]}
    if foreseen is not None:
        told["would_erase"] = _purged(foreseen)
    return told


def purge_object(report: PurgeReport) -> Json:
    """Return what ``remove --purge --json`` prints; ``whole`` is false while something purged is still held."""
    copies, index = report.catalog.copies, report.index
    purged = {
        "whole": report.whole,
        **_purged(report.catalog),
        "generation": index.generation,
        "held": list(index.held),
        "vectors": {"kept": index.kept, "dropped": index.dropped},
        "copies": {"rewritten": list(map(str, copies.rewritten)), "removed": list(map(str, copies.removed))},
    }
    return {**_removed("purge", report.catalog.articles), "purge": purged}


def _purged(catalog: Purge) -> Json:
    told = {"versions": catalog.versions, "passages": catalog.passages, "same_text": list(catalog.same)}
    told["may_still_hold"] = [*map(str, catalog.copies.strange), *catalog.elsewhere]
    return told | {name: count for name, count in asdict(catalog.erased).items() if count}


def _removed(command: str, articles: Iterable[str]) -> Json:
    told = {"schema": SCHEMA, "command": command, "dry_run": False, "articles": list(articles)}
    return {**told, "titles": [], "purge": None}


def repair_object(report: RepairReport) -> Json:
    """Return what ``repair --json`` prints; what is still wrong is among ``lost``."""
    lost = [*report.lost, *(problem.what for problem in report.problems)]
    return {"schema": SCHEMA, "whole": report.whole, "repaired": list(report.repaired), "lost": lost}


def gc_object(report: GcReport, dry_run: bool) -> Json:
    """Return what ``gc --json`` prints."""
    freed = [{"what": item.what, "path": item.path, "bytes": item.size} for item in report.freed]
    return {
        "schema": SCHEMA,
        "dry_run": dry_run,
        "bytes": report.size,
        "freed": freed,
        "held": list(report.held),
    }


def backup_object(report: BackupReport, took_ms: float) -> Json:
    """Return what ``backup --json`` prints."""
    return {
        "schema": SCHEMA,
        "path": str(report.path),
        "bytes": report.size,
        "dropped": [str(path) for path in report.dropped],
        **({} if report.noted else {"noted": False}),
        "took_ms": round(took_ms, 3),
    }


def chroma_export_object(export: ChromaExport, took_ms: float) -> Json:
    """Return what ``export --to-chroma --json`` prints."""
    return {
        "schema": SCHEMA,
        "path": str(export.path),
        "collection": export.collection,
        "passages": export.passages,
        "records": export.records,
        "dimension": export.dimension,
        "bytes": export.size,
        "took_ms": round(took_ms, 3),
    }


def article_object(
    article: Article,
    version: Version,
    versions: Sequence[KnownVersion],
    passage: Passage | None,
    diff: Sequence[str] | None,
    part: Part | None = None,
) -> Json:
    """Return what ``show --json`` prints."""
    return {
        "schema": SCHEMA,
        "article_id": article.id,
        "version": version.digest,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "url": article.url,
        "published": article.published,
        "published_from": article.published_from,
        "lang": article.language,
        "path": article.path,
        "record": article.record,
        "gone": article.gone,
        "text": version.text,
        "hidden": [[span.start, span.end] for span in version.hidden],
        **({"damage": version.damage} if version.damage else {}),
        "versions": [_version_object(entry) for entry in versions],
        "passage": passage and {"passage_id": passage.id, "start": passage.start, "end": passage.end},
        **_cited(part),
        "diff": None if diff is None else list(diff),
    }


def _version_object(known: KnownVersion) -> Json:
    listed = {"version": known.version.digest, "seen": known.version.seen, "reader": known.reader}
    return {**listed, **({"re_read": True} if known.is_reread else {})}


def _leg(leg: Leg | None) -> Json | None:
    return None if leg is None else {"rank": leg.rank, "score": leg.score}


def _marks(hit: Hit) -> list[list[int | str]]:
    marks = sorted([*hit.highlights, *([hit.nearest] if _has_nearest(hit) and hit.nearest else [])])
    return [[mark.start, mark.end, mark.mark] for mark in marks]


def _has_nearest(hit: Hit) -> bool:
    return hit.sentences is not None and hit.sentences.is_ready(hit.passage.text)
