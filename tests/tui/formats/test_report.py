from __future__ import annotations

from index import VerifyReport
from tui.formats.report import verify_lines


def test_what_was_checked_is_counted_in_english() -> None:
    checked = (("articles", 1), ("chroma", 2_400), ("files", 60), ("passages", 2_500), ("vectors", 2_400))
    assert list(verify_lines(VerifyReport(checked, ()))) == [
        "Checked: 1 article, 2,400 vectors in Chroma, 60 files of the index, 2,500 passages, 2,400 vectors.",
        "Everything is whole.",
    ]
