"""What a text may cost binds texts of every kind, in any process; what does not keep to it is refused."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from multiprocessing import parent_process
from pathlib import Path

import pytest

from archive import Archive
from archive.readers import Limits
from archive.text.chunking import Rule, word_rule

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")
PROSE = "The harbour master said on Thursday that nine ships had left. Crews searched the piers again. "
LARGE = PROSE * 2_500


def counted(texts: Sequence[str]) -> list[int]:
    """Count roughly; a text that asks for it never ends, kills its process or takes too much memory."""
    for text in texts:
        if "hangs" in text:
            while True:
                pass
        if "kills" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "grows" in text:
            bytearray(2 << 30)
        if "exits" in text:
            assert parent_process() is not None, "nothing that ends its process is prepared here"
            os._exit(3)
    return list(word_rule().count(texts))


RULE = Rule("as the text asks", counted, 220)


def added(root: Path, source: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
    monkeypatch.setattr("archive.readers.Limits", lambda max_text: Limits(max_text, seconds=4.0))
    with Archive.create(root) as archive:
        archive.add([source], RULE, jobs=jobs)
        found = sorted(Path(article.path).name for article in archive.articles())
        return found, {f"{Path(one.path).name} {one.record or ''}".strip(): one.code for one in archive.refusals()}


@pytest.mark.parametrize("ahead", [False, True], ids=["alone", "ahead"])
def test_a_large_text_that_does_not_keep_to_the_limits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: bool
) -> None:
    if ahead:
        monkeypatch.setattr("archive.ingest.prefetch._ALONE", 0.0)
    source = tmp_path / "news"
    source.mkdir()
    for name in ("exits.txt", "hangs.txt", "kills.md", "grows.txt", "whole.txt"):
        (source / name).write_text(f"{LARGE}\n\nIt {Path(name).stem} at last.\n")
    texts = [PROSE, f"{LARGE} It hangs.", LARGE]
    lines = [json.dumps({"id": f"r{number}", "text": text}) for number, text in enumerate(texts)]
    (source / "z.jsonl").write_text("\n".join(lines))
    found, refused = added(tmp_path / "a", source, 2 if ahead else 1, monkeypatch)
    assert found == ["whole.txt", "z.jsonl", "z.jsonl"]
    slow = {refused.pop("hangs.txt"), refused.pop("z.jsonl r1")}
    assert slow <= {"too-complex", "unreadable"}  # the latter where the machine is too busy to let them take their time
    assert refused == {"exits.txt": "too-complex", "kills.md": "unreadable", "grows.txt": "too-complex"}
