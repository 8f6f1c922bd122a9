"""``morgue doctor``."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from archive.core.errors import Action, Remedy
from index.installation.finding import Finding, State
from tui.__main__ import run
from tui.formats.doctor import doctor_line, verdict_line
from tui.formats.lines import written

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "tui" / "schemas" / "doctor.json").read_text("utf-8"))
TOPICS = SCHEMA["properties"]["findings"]["items"]["properties"]["topic"]["enum"]


def test_what_is_broken_is_in_the_object_with_all_that_is_sound(
    seed_archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_MODEL", str(seed_archive / "no-model"))
    assert run(["--archive", str(seed_archive), "doctor", "--json"]) == 5
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, SCHEMA)
    assert not told["well"]
    (wrong,) = (finding for finding in told["findings"] if finding["topic"] == "model")
    assert (wrong["state"], wrong["run"]) == ("broken", None)
    assert str(seed_archive / "no-model") in wrong["message"]
    assert {finding["topic"] for finding in told["findings"]} == set(TOPICS)


def test_a_quiet_doctor_prints_only_what_is_not_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--archive", str(tmp_path / "none"), "doctor", "--quiet"]) == 5
    lines = capsys.readouterr().out.splitlines()  # more than one where this machine has little room, or is untested
    assert f"missing archive There is none at {tmp_path / 'none'}." in [" ".join(line.split()) for line in lines]
    assert [line for line in lines if line.startswith(("ok ", "All is well", "Not all"))] == []


def test_a_finding_is_a_line_with_what_to_type() -> None:
    sound = Finding("package", "lark", State.OK, "1.3.1")
    old = Finding("package", "lark", State.ODD, "1.1\n\x1b[31m", Remedy(Action.INSTALL_PACKAGE, "lark>=1.2.1,<2"))
    assert doctor_line(sound) == "ok      lark                   1.3.1"
    assert doctor_line(old).startswith("odd     lark                   1.1")
    assert doctor_line(old).endswith(" Run: pip install 'lark>=1.2.1,<2'")
    assert "\x1b" not in written(doctor_line(old))
    assert verdict_line([sound]) == "All is well."
    assert verdict_line([sound, old, old]) == "Not all is well: 2 odd."
