from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from index.ann import trust
from index.ann.trust import is_trusted, record_trust


def test_records_of_indexes_that_were_made_long_ago_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path))
    monkeypatch.setattr(trust, "_MOST", 3)
    digests = [sha256(str(number).encode()).hexdigest() for number in range(5)]
    for age, digest in enumerate(digests):
        record_trust(digest)
        os.utime(tmp_path / "trusted" / digest, (1e9 + age, 1e9 + age))
    record_trust(digests[0])
    assert [is_trusted(digest) for digest in digests] == [True, False, False, True, True]
