from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from archive import Archive, word_rule
from archive.core.article import Refusal
from archive.ingest.walk import files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")


def found(root: Path, exclude: tuple[Path, ...] = ()) -> list[str]:
    return [str(item.relative_to(root)) for item in files(root, exclude) if isinstance(item, Path)]


def refused(root: Path) -> list[tuple[str, str]]:
    return [(Path(item.path).name, item.code) for item in files(root) if isinstance(item, Refusal)]


def test_an_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert list(files(tmp_path)) == []


def test_files_come_in_name_order_through_all_folders(tmp_path: Path) -> None:
    write(tmp_path, "b/2.txt", "b/1.txt", "a.txt", "c.bin", "b/deep/er/x.txt")
    assert found(tmp_path) == ["a.txt", "b/1.txt", "b/2.txt", "b/deep/er/x.txt", "c.bin"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, ".hidden.txt", ".git/config.txt", "seen.txt")
    (tmp_path / ".link").symlink_to("nowhere")
    assert found(tmp_path) == ["seen.txt"]
    assert refused(tmp_path) == []


def test_a_hidden_folder_that_is_named_is_read(tmp_path: Path) -> None:
    write(tmp_path, ".notes/a.txt")
    assert found(tmp_path / ".notes") == ["a.txt"]


def test_excluded_folders_are_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "archive/morgue.txt", "archive-2/b.txt")
    assert found(tmp_path, (tmp_path / "archive",)) == ["a.txt", "archive-2/b.txt"]
    assert list(files(tmp_path / "archive", (tmp_path / "archive",))) == []


def test_exclusion_sees_through_a_linked_root(tmp_path: Path) -> None:
    write(tmp_path, "real/a.txt", "real/archive/b.txt")
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link", (tmp_path / "real" / "archive",)) == ["a.txt"]


def test_a_single_file_is_found_as_itself(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    assert list(files(tmp_path / "a.txt")) == [tmp_path / "a.txt"]


def test_a_root_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "missing.txt") == [("missing.txt", "unreadable")]


def test_links_are_refused_and_never_followed(tmp_path: Path) -> None:
    write(tmp_path, "in/a.txt", "out/secret.txt")
    (tmp_path / "in/broken").symlink_to("nowhere")
    (tmp_path / "in/file").symlink_to(tmp_path / "out/secret.txt")
    (tmp_path / "in/folder").symlink_to(tmp_path / "out")
    (tmp_path / "in/loop").symlink_to("loop")
    (tmp_path / "in/up").symlink_to("..")
    assert found(tmp_path / "in") == ["a.txt"]
    assert refused(tmp_path / "in") == [
        ("broken", "broken-link"),
        ("file", "not-a-file"),
        ("folder", "not-a-file"),
        ("loop", "broken-link"),
        ("up", "not-a-file"),
    ]


def test_a_named_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert refused(tmp_path / "loop") == [("loop", "broken-link")]


def test_pipes_and_sockets_are_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.txt"))
        assert refused(tmp_path) == [("pipe.txt", "not-a-file"), ("s.txt", "not-a-file")]


def test_a_name_that_cannot_be_kept_is_refused_with_a_name_that_can(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt")).write_text("text")
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    (tmp_path / "esc\x1b[31m.txt").write_text("text")
    items = list(files(tmp_path))
    assert [item.code for item in items if isinstance(item, Refusal)] == ["unreadable", "unreadable"]
    assert all(isinstance(item, Refusal) and item.path.encode() and "\x1b" not in item.path for item in items)
    assert [item.reason for item in items if isinstance(item, Refusal)] == [
        "Its name holds the byte 0xff, which is not UTF-8; that cannot be kept. Rename it.",
        "Its name holds U+001B (a control character); that cannot be kept. Rename it.",
    ]


def test_names_that_cannot_be_kept_are_refused_each_by_itself(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    try:
        for name in (b"/bad\xff.txt", b"/bad\xfe.txt", "/bad\u202e.txt".encode(), "/bad\u202d.txt".encode()):
            Path(os.fsdecode(os.fsencode(news) + name)).write_text("text")
    except OSError:
        pytest.skip("the file system takes only UTF-8 names")
    with Archive.create(tmp_path / "archive") as archive:
        for _ in range(2):
            report = archive.add([news], word_rule())
            names = sorted(Path(refusal.path).name for refusal in report.refusals)
            assert names == [r"bad\u202d.txt", r"bad\u202e.txt", r"bad\xfe.txt", r"bad\xff.txt"]
        assert not report.new_refusals


def test_a_very_deep_tree_does_not_end_the_walk(tmp_path: Path) -> None:
    write(tmp_path, "d/a.txt", "e.txt")
    here = os.open(tmp_path / "d", os.O_RDONLY)
    try:
        for _ in range(2500):
            os.mkdir("d", dir_fd=here)
            below = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        items = list(files(tmp_path))
    finally:
        os.close(here)
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # shutil.rmtree recurses
    assert [item for item in items if isinstance(item, Path)] == [tmp_path / "d/a.txt", tmp_path / "e.txt"]
    assert [item.code for item in items if isinstance(item, Refusal)] == ["unreadable"]


def test_another_archive_is_passed_over_with_one_line(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "z.txt")
    with Archive.create(tmp_path / "below" / "other") as other:
        other.add([tmp_path / "a.txt"], word_rule())
    write(tmp_path, "below/other/notes.txt")
    (tmp_path / "below" / "morgue.toml").write_text("name = 'no archive, it has no id'\n")
    assert found(tmp_path) == ["a.txt", "below/morgue.toml", "z.txt"]
    assert refused(tmp_path) == [("other", "not-a-file")]
