from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from archive.core.article import Draft, Refusal
from archive.readers import Limits, jsonl, read

TEXT = "The ferry stayed in port on Thursday."


def read_lines(tmp_path: Path, *lines: object, limits: Limits | None = None) -> list[Draft | Refusal]:
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
    return list(read(path, limits or Limits()))


def draft(tmp_path: Path, **record: object) -> Draft:
    (item,) = read_lines(tmp_path, record)
    assert isinstance(item, Draft)
    return item


def brief(items: list[Draft | Refusal]) -> list[tuple[str | None, str]]:
    return [(item.record, item.code if isinstance(item, Refusal) else "read") for item in items]


def test_a_record_gives_all_its_fields(tmp_path: Path) -> None:
    record = {
        **{
            "id": "a-1",
            "title": " Ferry stays\nin port ",
            "text": "One.\r\nTwo.",
            "url": "https://Harbour.example/a#top",
        },
        **{"date": "26-FEB-1987 15:01:01.79", "outlet": "The Harbour Post", "author": "Ana Lind", "lang": "en-GB"},
    }
    assert draft(tmp_path, **record) == Draft(
        text="One.\nTwo.",
        title="Ferry stays in port",
        title_from="metadata",
        raw_digest=hashlib.sha256(json.dumps(record).encode()).hexdigest(),
        reader="jsonl/3",
        record="a-1",
        outlet="The Harbour Post",
        author="Ana Lind",
        url="https://harbour.example/a",
        published="1987-02-26T15:01:01",
        published_from="metadata",
        language="en",
    )


@pytest.mark.parametrize(
    ("field", "value", "attribute", "expected"),
    [
        ("body", "From the body.", "text", "From the body."),
        ("published", 1642673700, "published", "2022-01-20T10:15:00+00:00"),
        ("date", "Friday, January 21", "published", None),
        ("publication", "Daily", "outlet", "Daily"),
        ("source", {"id": None, "name": "Daily"}, "outlet", "Daily"),
        ("Outlet", "Daily", "outlet", "Daily"),
        ("author", ["Ana Lind", "Bo Ek"], "author", "Ana Lind, Bo Ek"),
        ("authors", [{"name": "Ana Lind"}, None, 7, " "], "author", "Ana Lind"),
        ("author", {"name": "Ana Lind"}, "author", "Ana Lind"),
        ("url", "javascript:alert(1)", "url", None),
        ("url", 7, "url", None),
        ("lang", None, "language", None),
        ("title", 7, "title", TEXT),
        ("title", "  ", "title", TEXT),
    ],
)
def test_other_names_and_types_of_fields(
    tmp_path: Path, field: str, value: object, attribute: str, expected: object
) -> None:
    record = {field: value} if field == "body" else {"text": TEXT, field: value}
    assert getattr(draft(tmp_path, **record), attribute) == expected


def test_the_address_dates_a_record_that_states_no_date(tmp_path: Path) -> None:
    found = draft(tmp_path, text=TEXT, date="n/a", url="https://harbour.example/2022/01/20/ferry")
    assert (found.published, found.published_from) == ("2022-01-20", "url")


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    items = read_lines(
        tmp_path, {"id": "a", "text": TEXT}, "", '{"id": "b", "text": ', '["list"]', {"id": "c", "text": TEXT}
    )
    assert brief(items) == [("a", "read"), ("3", "broken-record"), ("4", "broken-record"), ("c", "read")]
    assert isinstance(items[1], Refusal)
    assert items[1].reason.startswith("Line 3 cannot be read as a JSON object: ")


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"id": ' + "9" * 10_000 + "}",
        "NaN",
        '"text"',
        "null",
        "{",
        '{"text": "a"} {"text": "b"}',
    ],
)
def test_hostile_lines_are_broken_records(tmp_path: Path, line: str) -> None:
    assert brief(read_lines(tmp_path, line, {"text": TEXT})) == [("1", "broken-record"), ("2", "read")]


@pytest.mark.parametrize("text", [None, "", " \n", 5, [], {}, [" "], {"kind": "photo"}, "None"])
def test_a_record_without_text_is_refused_by_its_id(tmp_path: Path, text: object) -> None:
    assert brief(read_lines(tmp_path, {"id": "a", "text": text})) == [("a", "no-text")]


def test_records_have_names_of_their_own(tmp_path: Path) -> None:
    ids = ["a", "a", "a#2", None, "4", "", 7, 7, True, 1.5, ["x"], " a\n"]
    items = read_lines(tmp_path, *({"id": name, "text": TEXT} for name in ids), {"text": TEXT})
    names = [item.record for item in items]
    assert names == ["a", "a#2", "a#2#3", "4", "4#5", "6", "7", "7#8", "9", "10", "11", "a#12", "13"]
    assert len(set(names)) == len(names)


def test_a_line_too_long_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    long = {"id": "b", "text": "x" * 9_000}
    items = read_lines(
        tmp_path, {"id": "a", "text": TEXT}, long, {"id": "c", "text": TEXT}, limits=Limits(max_text=1_000)
    )
    assert brief(items) == [("a", "read"), ("2", "too-large"), ("c", "read")]
    fits = read_lines(tmp_path, {"id": "b", "text": "x" * 1_001}, limits=Limits(max_text=1_000))
    assert brief(fits) == [("b", "too-large")]


def test_a_file_of_blank_lines_is_empty(tmp_path: Path) -> None:
    assert brief(read_lines(tmp_path, "", "  ")) == [(None, "empty")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_give_the_same_records(tmp_path: Path, encoding: str) -> None:
    lines = [json.dumps({"id": n, "text": f"Die Fähre {n} blieb\u2028im Hafen."}, ensure_ascii=False) for n in (1, 2)]
    path = tmp_path / "feed.ndjson"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    items = list(read(path, Limits()))
    assert [(item.record, item.text) for item in items if isinstance(item, Draft)] == [
        ("1", "Die Fähre 1 blieb\u2028im Hafen."),
        ("2", "Die Fähre 2 blieb\u2028im Hafen."),
    ]


def test_damage_is_counted_for_the_record_that_has_it(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_bytes('{"text": "Fähre"}\n'.encode() + '{"text": "Fähre '.encode() + b'\xff"}\n')
    assert [item.damage for item in read(path, Limits()) if isinstance(item, Draft)] == [0, 1]


def test_damage_that_a_scraper_wrote_into_a_record_is_counted(tmp_path: Path) -> None:
    items = read_lines(tmp_path, r'{"text": "F\u00e4hre"}', '{"text": "FÃ¤hre"}', r'{"text": "x\ud800y"}')
    assert [item.damage for item in items if isinstance(item, Draft)] == [0, 1, 1]


def test_lone_surrogates_and_controls_in_escapes_are_replaced(tmp_path: Path) -> None:
    (item,) = read_lines(tmp_path, r'{"id": "\ud800", "title": "a\u0000b", "text": "x\ud800\u001b[2Jy"}')
    assert isinstance(item, Draft)
    assert (item.record, item.title, item.text) == ("\ufffd", "a\ufffdb", "x\ufffd\ufffd[2Jy")


def test_reading_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    path.write_text(json.dumps({"text": TEXT}) + "\n")
    items = read(path, Limits())
    next(items)
    with path.open("a") as file:
        file.write("\n")
    assert list(items) == []


@pytest.mark.parametrize("depth", [20, 400, 600, 5_000])
def test_lists_that_lie_in_each_other_can_be_looked_at_before_adding(tmp_path: Path, depth: int) -> None:
    line = f'{{"text": "{TEXT}", "tree": {"[" * depth}1{"]" * depth}}}'
    (item,) = read_lines(tmp_path, line)
    seen = jsonl.survey(tmp_path / "feed.jsonl", Limits())
    assert (seen is None) == isinstance(item, Refusal)
    assert seen is None or [each.path for each in seen.fields] == ["text", "tree"]
