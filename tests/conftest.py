"""What all tests share: no network, a cache of exported encoders, archives built once from the seeds."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.archives import built_archive, copied_archive, wanting_chroma

if TYPE_CHECKING:
    from index.embedding.model import Model
    from index.embedding.onnx import OnnxEncoder

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# a shell lets what it runs in the background ignore SIGINT; the processes that tests signal would inherit that
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ.setdefault("MORGUE_CACHE", str(ROOT / ".cache"))
os.environ.setdefault("MORGUE_STATE", str(ROOT / ".cache" / "state"))
os.environ["MORGUE_CONFIG"] = str(ROOT / ".cache" / "config")  # not the keys of whoever runs the tests
os.environ["MORGUE_HISTORY"] = "off"  # what one test asked is not what another begins with
os.environ.pop("MORGUE_ARCHIVE", None)


@pytest.fixture(autouse=True)
def whole_archives(request: pytest.FixtureRequest) -> Iterator[None]:
    """Verify every archive a test leaves in its ``tmp_path``; the mark ``leaves_damage`` is for those that may not be.

    What only the next ``update`` is to finish is no damage, and neither is a catalog older than its index.
    """
    folder: Path | None = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
    yield
    if folder is None or request.node.get_closest_marker("leaves_damage"):
        return
    from archive import Archive
    from archive.core.errors import Action
    from index import verify

    for catalog in sorted(folder.rglob("catalog.sqlite")):
        if (catalog.parent / "morgue.toml").is_file():
            with Archive.open(catalog.parent) as archive:
                problems = verify(archive).problems
                older = ("generation", catalog.name)
                damage = [one for one in problems if one.remedy.action != Action.UPDATE]
                assert [one for one in damage if (one.code, one.file) != older] == []


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of documents and judged sets beside the checkout; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder shared/ beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def seed_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built archive of the sample articles; for reading only."""
    return built_archive(wanting_chroma(tmp_path_factory.mktemp("seeds") / "archive"), ROOT / "seeds" / "articles")


@pytest.fixture
def fresh_archive(seed_archive: Path, tmp_path: Path) -> Callable[[], Path]:
    """Give private, writable copies of the archive of sample articles."""

    def copy() -> Path:
        return copied_archive(seed_archive, tmp_path / "archive")

    return copy


@pytest.fixture(scope="session")
def model() -> Model:
    """The model that comes with the program."""
    from index.embedding.model import locate

    return locate()


@pytest.fixture(scope="session")
def onnx_encoder(model: Model) -> OnnxEncoder:
    """The exported encoder; the export is kept between runs in the tests' cache."""
    from index.embedding.export import export
    from index.embedding.onnx import OnnxEncoder

    return OnnxEncoder(model, export(model))


@pytest.fixture(scope="session", autouse=True)
def background(request: pytest.FixtureRequest) -> None:
    """The background questions' vectors, kept in the tests' cache before a stand-in for the encoder makes its own.

    The scales of every archive come of them: with those of a stand-in, other passages would answer.
    """
    from index.embedding.model import locate
    from index.indexing.finishing.calibrate import background_vectors

    background_vectors(locate(), lambda: request.getfixturevalue("onnx_encoder"))


@pytest.fixture(scope="session")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny cross-encoder, real but for its random weights; for reading only."""
    from tests.cross_encoders import make

    return make(tmp_path_factory.mktemp("cross") / "encoder")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a clean environment with the built wheel in it, which takes minutes to make."""
    from tests.installation import install

    return install(tmp_path_factory.mktemp("installed"))
