"""What tests of retrieval share: the bundled model, loaded once, and a small archive of made-up news."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from index import build, passage_rule
from index.embedding.model import Model
from index.embedding.onnx import OnnxEncoder
from index.embedding.torch import TorchEncoder
from tests.archives import copied_archive, empty_archive, wanting_chroma
from tests.index.world import World

HARBOUR = (
    "The port of Larnholm closed its eastern harbour on Monday after inspectors found cracks in the breakwater. "
    "Fishing crews were told to moor in the inner basin until divers have looked at the foundations. "
    "The harbour master said repairs would take until autumn and cost four million crowns. "
)
SANCTIONS = (
    "Ministers in Vestria agreed to prepare sanctions against the neighbouring republic of Ostmark. "
    "The measures would freeze the assets of banks and stop the sale of turbines, the foreign minister said. "
    "Companies that were sanctioned last year have asked the courts to lift the penalties. "
)
PIPELINE = (
    "Gas has stopped flowing through the Nordal pipeline, the operator said, and nobody could say for how long. "
    "Households in three provinces were asked to lower their heating by two degrees. "
    "An engineer called the explanation, a faulty compressor, a lie told to calm the markets. "
)
BAKERY = (
    "A bakery in Tollgate Street won the national prize for rye bread with a sourdough kept since 1921. "
    "The baker, Ida Krumm, said patience was the only secret and gave her recipe to the city library. "
)
FOOTBALL = (
    "Larnholm beat Ostmark two to one in the final of the youth cup after a penalty in the last minute. "
    "The referee's decision was disputed, and the losing side's coach left without shaking hands. "
)
SPANISH = (
    "El puerto de Larnholm cerró su dársena oriental después de que los inspectores hallaran grietas en el muelle. "
    "Los pescadores amarrarán en la dársena interior hasta el otoño, dijo la capitana del puerto. "
)
CHINESE = "拉恩霍尔姆港在周一关闭了东部港口。检查人员发现防波堤有裂缝。渔民被告知停泊在内港。"
MAYOR = "The mayor spoke of sanctions on noise."
RESIDUE = "Leave a Reply\nYour email address will not be published. Required fields: *\n"

RECORDS = (
    ("a1", "Harbour closed in Larnholm", HARBOUR, "The Larnholm Courier", "2022-01-10", "en"),
    ("a2", "Vestria prepares sanctions", SANCTIONS, "Vestria Daily", "2022-01-12", "en"),
    ("a3", "Pipeline runs dry", PIPELINE, "Vestria Daily", "2022-01-15", "en"),
    ("a4", "A prize for rye bread", BAKERY, "The Larnholm Courier", "2022-02-01", "en"),
    ("a5", "Youth cup goes to Larnholm", FOOTBALL, None, None, "en"),
    ("a6", "Cierra el puerto de Larnholm", SPANISH, "El Faro", "2022-01-11", "es"),
    ("a7", "东部港口关闭", CHINESE, None, "2022-01-11", "zh"),
    ("a8", "Larnholm harbour shut", HARBOUR, "Wire Copy", "2022-01-10", "en"),
    (
        "a9",
        "Winter notes",
        f"{BAKERY}\n\n{RESIDUE}\n\n{MAYOR}",
        "Notes",
        "2021-12-30",
        "en",
    ),
    ("b1", "A long week", "\n\n".join((PIPELINE, FOOTBALL, SANCTIONS * 2, HARBOUR)), "Weekly", "2022-01-20", "en"),
)


def write_news(folder: Path) -> Path:
    """Write the made-up news as one file of JSON Lines."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("id", "title", "text", "outlet", "date", "lang")
    lines = [json.dumps(dict(zip(names, record, strict=True)), ensure_ascii=False) for record in RECORDS]
    (folder / "news.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="session")
def torch_encoder(model: Model) -> TorchEncoder:
    """The model through sentence-transformers; loading it takes seconds."""
    return TorchEncoder(model)


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of made-up news; for reading only."""
    return write_news(tmp_path_factory.mktemp("news"))


@pytest.fixture(scope="session")
def news_archive(
    tmp_path_factory: pytest.TempPathFactory, news: Path, onnx_encoder: OnnxEncoder, background: None
) -> Path:
    """A built archive of the made-up news, with every part there can be; for reading only."""
    root = wanting_chroma(tmp_path_factory.mktemp("built") / "archive")
    with Archive.open(root) as archive:
        archive.add([news], passage_rule(archive.settings))
        build(archive, encoder=lambda _: onnx_encoder)
    return root


@pytest.fixture(scope="session")
def light_archive(
    tmp_path_factory: pytest.TempPathFactory, news: Path, onnx_encoder: OnnxEncoder, background: None
) -> Path:
    """A built archive of the made-up news without Chroma, which takes seconds to build and to check."""
    root = empty_archive(tmp_path_factory.mktemp("light") / "archive")
    with Archive.open(root) as archive:
        archive.add([news], passage_rule(archive.settings))
        build(archive, encoder=lambda _: onnx_encoder)
    return root


@pytest.fixture
def light_copy(light_archive: Path, tmp_path: Path) -> Callable[[], Path]:
    """Give a private, writable copy of the archive without Chroma."""

    def copy() -> Path:
        return copied_archive(light_archive, tmp_path / "light")

    return copy


@pytest.fixture
def news_copy(news_archive: Path, tmp_path: Path) -> Callable[[], Path]:
    """Give a private, writable copy of the archive of made-up news."""

    def copy() -> Path:
        return copied_archive(news_archive, tmp_path / "archive")

    return copy


@pytest.fixture
def world(tmp_path: Path, model: Model) -> World:
    """A private, indexed archive of twelve numbered articles, by a cheap encoder."""
    made = World(tmp_path, model)
    made.put_many(12)
    made.add()
    made.build()
    return made
