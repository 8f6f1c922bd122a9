"""Where records begin and end in a file, whatever its name and however it is written."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.article import Draft, Refusal
from archive.readers import Limits, read
from archive.readers.records import splitting

TEXT = 'The ferry, as they say, {"stayed"} in port: [twice].'
RECORDS = [{"id": f"r{n}", "text": f"{TEXT} {n} \\ end"} for n in range(5)]


def found(path: Path, limits: Limits | None = None) -> list[tuple[str | None, str]]:
    items = read(path, limits or Limits())
    return [(item.record, item.code if isinstance(item, Refusal) else item.text) for item in items]


def written(tmp_path: Path, text: str | bytes, name: str = "a.json") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


WAYS = {
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "array in a line": json.dumps(RECORDS),
    "array": json.dumps(RECORDS, indent=2),
    "array with a record a line": "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]\n",
    "array that begins with its first record": "[" + "\n,".join(map(json.dumps, RECORDS)) + "]",
    "objects over several lines": "\n".join(json.dumps(record, indent=4) for record in RECORDS),
    "objects with nothing between": "".join(json.dumps(record, indent=4) for record in RECORDS),
    "several arrays": json.dumps(RECORDS[:2]) + "\n" + json.dumps(RECORDS[2:]),
    "array with a comma too many": json.dumps(RECORDS)[:-1] + ",]",
}


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jl", "a.jsonlines", "a.json", "b.jsonl.gz", "b.JSON.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_way_to_write_records_gives_the_same(tmp_path: Path, text: str, name: str, encoding: str) -> None:
    raw = text.encode(encoding)
    path = written(tmp_path, gzip.compress(raw) if name.endswith(".gz") else raw, name)
    assert found(path) == [(record["id"], record["text"]) for record in RECORDS]


def test_one_object_a_file_is_one_record(tmp_path: Path) -> None:
    assert found(written(tmp_path, json.dumps(RECORDS[0], indent=1))) == [("r0", RECORDS[0]["text"])]


def test_records_without_a_name_are_named_by_their_place(tmp_path: Path) -> None:
    nameless = [{"text": record["text"]} for record in RECORDS]
    assert [name for name, _ in found(written(tmp_path, json.dumps(nameless)))] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("text", ["[]", "[\n]\n", "  \n"])
def test_nothing_in_it_is_empty(tmp_path: Path, text: str) -> None:
    assert found(written(tmp_path, text)) == [(None, "empty")]


def test_a_broken_item_of_an_array_costs_only_itself(tmp_path: Path) -> None:
    broken = [*map(json.dumps, RECORDS[:2]), '{"id": "x", "text": oops}', '"words"', "7", "[1]", json.dumps(RECORDS[2])]
    items = list(read(written(tmp_path, "[" + ", ".join(broken) + "]"), Limits()))
    assert [item.code if isinstance(item, Refusal) else "read" for item in items] == [
        *("read", "read", "broken-record", "broken-record", "broken-record", "broken-record", "read")
    ]
    assert [item.reason for item in items if isinstance(item, Refusal)] == [
        "Record 3 cannot be read as a JSON object: expecting value at column 21.",
        "Record 4 cannot be read as a JSON object: it is a string.",
        "Record 5 cannot be read as a JSON object: it is a number.",
        "Record 6 cannot be read as a JSON object: it is an array.",
    ]


def test_an_array_that_was_cut_short_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    whole = json.dumps(RECORDS)
    path = written(tmp_path, whole[: whole.index('"r3"') + 20])
    *items, last = read(path, Limits())
    assert [item.record for item in items] == ["r0", "r1", "r2"]
    assert isinstance(last, Refusal)
    assert (last.record, last.code) == (None, "broken-record")
    assert last.reason == "It ends within record 4, which its brackets do not close; nothing after that is read."


def test_a_record_too_large_costs_only_itself(tmp_path: Path) -> None:
    large = {"id": "large", "text": "x" * 200_000}
    limits = Limits(max_text=1_000)
    for text in (json.dumps([RECORDS[0], large, RECORDS[1]]), json.dumps([RECORDS[0], large, RECORDS[1]], indent=1)):
        codes = [code for _, code in found(written(tmp_path, text), limits)]
        assert codes == [RECORDS[0]["text"], "too-large", RECORDS[1]["text"]]


def test_the_records_in_an_object_too_large_to_hold_are_read(tmp_path: Path) -> None:
    messages = [{"id": n, "text": f"{TEXT} {n}"} for n in range(3_000)]
    chat = {"name": "Lock watch", "id": 7, "nothing": [], "about": {"a": 1}, "messages": messages}
    drafts = list(read(written(tmp_path, json.dumps(chat, indent=1)), Limits(max_text=1_000)))
    assert [draft.record for draft in drafts] == [str(n) for n in range(3_000)]
    assert {draft.outlet for draft in drafts if isinstance(draft, Draft)} == {"Lock watch"}
    account = {
        "about": "x",
        "chats": {"about": "y", "list": [chat, {**chat, "name": "Second"}]},
        "contacts": [{"a": 1}],
    }
    found_in = list(read(written(tmp_path, json.dumps(account), "b.json"), Limits(max_text=1_000)))
    outlets = [draft.outlet for draft in found_in if isinstance(draft, Draft)]
    assert (outlets, len(found_in)) == (["Lock watch"] * 3_000 + ["Second"] * 3_000, 6_000)


def test_of_what_holds_records_only_so_much_is_kept(tmp_path: Path) -> None:
    many = {f"setting {number}": "x" for number in range(2_000)}
    chat = {**many, "name": "Lock watch", "messages": [{"id": n, "text": TEXT} for n in range(3_000)]}
    drafts = list(read(written(tmp_path, json.dumps(chat, indent=1)), Limits(max_text=1_000)))
    assert len(drafts) == 3_000
    assert {draft.outlet for draft in drafts if isinstance(draft, Draft)} == {None}


def test_an_object_too_large_without_records_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps({"numbers": list(range(100_000)), "name": "x"}, indent=1))
    (item,) = read(path, Limits(max_text=1_000))
    assert isinstance(item, Refusal)
    assert (item.record, item.code) == ("1", "too-large")


def test_a_large_array_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("w") as file:
        file.write("[")
        for number in range(40_000):
            file.write(f"{',' * bool(number)}{json.dumps({'id': number, 'text': TEXT * 5})}\n")
        file.write("]")
    held = 0
    by_line, pieces = splitting.pieces(path, 20_000)
    for piece in pieces:
        held = max(held, len(piece.raw or b""))
    assert not by_line
    assert (piece.number, held < 1_000) == (40_000, True)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '[{"a":' * 50_000, '[{"a": "b', '[{"text": "a"}}}]]', "[,,,]", '[{"a" "b"}]']
)
def test_hostile_arrays_are_told(tmp_path: Path, text: str) -> None:
    items = list(read(written(tmp_path, text), Limits()))
    assert 1 <= len(items) <= 3
    assert any(isinstance(item, Refusal) for item in items) or text.startswith('[{"text"')


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS[0], indent=2)[:-8],
        json.dumps({"title": "x", "authors": ["a", "b"], "text": TEXT}, indent=1)[:-5],
        json.dumps(RECORDS, indent=2)[:30],
        '[{\n"id": "r0",\n"text": "cut',
    ],
)
def test_an_object_over_several_lines_that_was_cut_short_is_one_refusal(tmp_path: Path, text: str) -> None:
    (item,) = read(written(tmp_path, text), Limits())
    assert isinstance(item, Refusal)
    assert (item.record, item.code) == (None, "broken-record")
    assert "which its brackets do not close" in item.reason


def test_a_file_of_something_else_is_one_refusal(tmp_path: Path) -> None:
    script = "window.part0 = [\n" + ",\n".join(json.dumps(record, indent=1) for record in RECORDS * 9) + "\n]"
    (item,) = read(written(tmp_path, script), Limits())
    assert isinstance(item, Refusal)
    assert (item.record, item.code) == (None, "broken-record")
    assert item.reason.startswith("It does not look like records of JSON, one a line or in an array, and is not read.")
    few = "\n".join(["no record"] * 19 + [json.dumps(RECORDS[0])])
    assert [name for name, _ in found(written(tmp_path, few))] == [*map(str, range(1, 20)), "r0"]


def test_a_broken_archive_is_told_after_what_was_whole(tmp_path: Path) -> None:
    random.seed(7)
    records = [{"id": str(n), "text": f"{TEXT} {random.random()}"} for n in range(3_000)]
    packed = gzip.compress("\n".join(map(json.dumps, records)).encode())
    *items, last = read(written(tmp_path, packed[: len(packed) // 2], "a.jsonl.gz"), Limits())
    assert len(items) > 100
    assert isinstance(last, Refusal)
    assert last.reason == "What gzip packed in it is cut short or damaged."
    (item,) = read(written(tmp_path, b"\x1f\x8b nothing packed", "b.jsonl.gz"), Limits())
    assert isinstance(item, Refusal)
    assert item.code == "broken-record"


def test_an_archive_that_unpacks_without_end_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "_ALWAYS", 1 << 20)
    path = written(tmp_path, gzip.compress(b"\n" * (1 << 23)), "a.jsonl.gz")
    (item,) = read(path, Limits())
    assert isinstance(item, Refusal)
    assert item.reason == "It unpacks to more than 200 times its size."


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    records=st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), min_size=1, max_size=6),
    indent=st.integers(0, 3),
)
def test_whatever_records_hold_they_are_split_where_they_end(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], indent: int
) -> None:
    path = tmp_path_factory.mktemp("split") / "a.json"
    path.write_text(json.dumps(records, indent=indent or None, ensure_ascii=bool(indent % 2)), "utf-8")
    _, pieces = splitting.pieces(path, 1_000_000)
    assert [json.loads(piece.raw) for piece in pieces if piece.raw is not None] == records
