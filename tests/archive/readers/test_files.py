"""What every reader owes: one item or more for any file, never an exception."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.article import Draft, Refusal
from archive.readers import READERS, Limits, read, suffixes

HOSTILE = "\x1b]0;owned\x07 [/red] [@click=app.quit] \u202eevil"
SERVED = {suffix for reader in READERS if reader.name == "html-served" for suffix in reader.suffixes}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def one(path: Path, limits: Limits | None = None) -> Draft | Refusal:
    (item,) = read(path, limits or Limits())
    return item


def code(path: Path, limits: Limits | None = None) -> str:
    item = one(path, limits)
    return item.code if isinstance(item, Refusal) else "read"


def write(tmp_path: Path, name: str, content: bytes | str) -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("suffix", sorted(suffixes()))
def test_an_empty_file_is_refused_by_every_reader(tmp_path: Path, suffix: str) -> None:
    assert code(write(tmp_path, "a" + suffix, b"")) == "empty"


@pytest.mark.parametrize(
    "content", [PNG, b"%PDF-1.7\n...", b"PK\x03\x04" + b"a" * 99, b"\x7fELF" + b"\0" * 99, Random(3).randbytes(20_000)]
)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".jsonl"])
def test_binary_data_is_refused_whatever_its_name(tmp_path: Path, suffix: str, content: bytes) -> None:
    assert code(write(tmp_path, "a" + suffix, content)) == "binary"


@pytest.mark.parametrize("name", ["photo.jpg", "report.pdf", "Makefile"])
def test_files_of_other_kinds_are_listed_as_unsupported(tmp_path: Path, name: str) -> None:
    item = one(write(tmp_path, name, "text"))
    assert isinstance(item, Refusal)
    assert (item.code, item.path, item.record) == ("unsupported", str(tmp_path / name), None)


def test_a_suffix_in_capitals_counts(tmp_path: Path) -> None:
    assert code(write(tmp_path, "A.TXT", "Some words")) == "read"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    codes = [code(tmp_path / name) for name in ("folder.txt", "link.txt", "pipe.txt", "missing.txt")]
    assert codes == ["not-a-file", "broken-link", "not-a-file", "unreadable"]


@pytest.mark.parametrize("suffix", sorted(suffixes()))
def test_a_huge_file_of_one_line_is_refused_without_being_held(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"huge{suffix}"
    with gzip.open(path, "wb") if suffix.endswith(".gz") else path.open("wb") as file:
        file.write(b"<html>" if suffix in SERVED else b"")
        for _ in range(50):
            file.write(b"a" * 1_000_000)
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom archive.readers import Limits, read\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print([item.code for item in read(Path(sys.argv[1]), Limits())])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    codes, growth = done.stdout.splitlines()
    assert codes == "['too-large']"
    assert int(growth) * (1 if sys.platform == "darwin" else 1024) < 48_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "word " * 30),
        ("a.md", "word " * 30),
        ("a.html", "<html><body><p>" + "word " * 30),
        ("a.jsonl", '{"text": "' + "word " * 30 + '"}'),
    ],
)
def test_text_beyond_the_limit_is_refused(tmp_path: Path, name: str, content: str) -> None:
    path = write(tmp_path, name, content)
    assert code(path, Limits(max_text=148)) == "too-large"
    assert code(path, Limits(max_text=150)) == "read"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"{HOSTILE}\n\nThe body of the text.\n"),
        ("a.md", f"# {HOSTILE}\n\nThe body of the text.\n"),
        ("b.md", f'---\ntitle: "{HOSTILE[9:]}"\nauthor: "{HOSTILE[9:]}"\n---\nThe body of the text.\n'),
        ("a.html", f"<html><head><title>{HOSTILE}</title></head><body><p>The body {HOSTILE} of the text."),
        (
            "a.jsonl",
            r'{"title": "\u001b]0;owned\u0007 [/red] [@click=app.quit] \u202eevil", '
            r'"author": "\u001b[2J", "text": "a\u0000b"}',
        ),
    ],
)
def test_titles_keep_brackets_as_text_and_lose_control_characters(tmp_path: Path, name: str, content: str) -> None:
    draft = one(write(tmp_path, name, content))
    assert isinstance(draft, Draft)
    assert "[/red] [@click=app.quit]" in draft.title
    for shown in (draft.title, draft.author or "", draft.outlet or "", draft.text, draft.record or ""):
        assert not [c for c in shown if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or c == "\u202e"]


def test_a_page_named_txt_is_read_as_a_page(tmp_path: Path) -> None:
    page = "<!DOCTYPE html>\n<html><body><p>The harbour was closed on Monday.</p></body></html>"
    draft = one(write(tmp_path, "a.txt", page))
    assert isinstance(draft, Draft)
    assert draft.text == "The harbour was closed on Monday."


@pytest.mark.parametrize("tag", ["p", "div", 'div class="entry"', "h1", "ARTICLE", "ul"])
def test_a_piece_of_a_page_named_as_text_is_read_as_a_page(tmp_path: Path, tag: str) -> None:
    words = "The bridge at Tolm was closed on Monday, because the river had risen by two metres in a night. " * 3
    piece = f"<{tag}>Tolm</{tag.split()[0]}><p>{words}</p><p>The mayor&#8217;s boat was lent to the school.</p>"
    draft = one(write(tmp_path, "a.txt", piece))
    assert isinstance(draft, Draft)
    assert draft.reader.startswith("html/")
    assert draft.text.endswith("\n\nThe mayor’s boat was lent to the school.")


@pytest.mark.parametrize("text", ["<p> is a tag.", "<poem>\nOne line.", "<- see there", "<people of Tolm> said so"])
def test_prose_that_begins_with_a_bracket_is_prose(tmp_path: Path, text: str) -> None:
    draft = one(write(tmp_path, "a.txt", f"{text}\n\nThe rest of it."))
    assert isinstance(draft, Draft)
    assert draft.text.startswith(text)


def test_a_beginning_of_many_comments_is_told_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    assert code(write(tmp_path, "a.txt", "<!---->" * 1_100 + "no page")) == "read"
    assert code(write(tmp_path, "b.txt", "<!-- - -- >" * 700 + "no page")) == "read"
    assert time.monotonic() - started < 5


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)),
    suffix=st.sampled_from([".txt", ".md", ".jsonl"]),
)
def test_any_bytes_give_an_item_and_no_exception(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), "any" + suffix, content)
    items = list(read(path, Limits()))
    assert items
    for item in items:
        if isinstance(item, Draft):
            assert item.text.strip()
            assert item.title.strip()
            assert "\n" not in item.title
            item.text.encode()


def test_reading_loads_no_heavy_library_before_it_is_needed() -> None:
    heavy = "trafilatura lxml numpy htmldate dateparser dateutil charset_normalizer markdown_it yaml py3langid torch"
    script = f"import archive.readers, sys; print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
