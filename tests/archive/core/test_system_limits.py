from __future__ import annotations

import ast
import errno
import os
import sqlite3
from pathlib import Path

import pytest

from archive.core.errors import Damaged
from archive.core.system_limits import (
    in_words,
    is_exhausted,
    is_unreadable,
    limit_of,
    raise_exhaustion,
    raise_limit,
    tell_apart,
)

ROOT = Path(__file__).resolve().parents[3]
LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EROFS)
EXPORTED = Path("index/embedding/onnx.py")  # nothing of an archive; what is damaged there is made anew
CONTENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL)


def refused(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/some/file")


@pytest.mark.parametrize("number", LIMITS, ids=errno.errorcode.get)
def test_what_the_system_refused_is_raised_as_it_came(number: int) -> None:
    error = refused(number)
    with pytest.raises(OSError, match=os.strerror(number)) as raised:
        tell_apart(error, Damaged("The columns cannot be read."))
    assert raised.value is error
    assert in_words(error) == f"{os.strerror(number)} (/some/file)"


@pytest.mark.parametrize("number", CONTENT, ids=errno.errorcode.get)
def test_what_is_not_there_or_of_another_kind_is_damage(number: int) -> None:
    error = refused(number)
    with pytest.raises(Damaged) as raised:
        tell_apart(error, Damaged("The columns cannot be read."))
    assert raised.value.__cause__ is error


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (ValueError("An IO error occurred: 'Too many open files (os error 24)'"), errno.EMFILE),  # tantivy
        (RuntimeError("std::bad_alloc"), errno.ENOMEM),  # onnxruntime
        (RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."), errno.ENOMEM),  # torch
        (RuntimeError("can't start new thread"), errno.EAGAIN),
        (SystemError("error return without exception set"), errno.ENOMEM),
        (OSError("libgomp.so.1: failed to map segment from shared object"), errno.ENOMEM),
        (ImportError("libx.so: failed to map segment from shared object"), errno.ENOMEM),
        (ImportError("libx.so: cannot open shared object file: Too many open files"), errno.EMFILE),
        (RuntimeError("error returned from database: (code: 14) unable to open: Permission denied"), errno.EACCES),
    ],
    ids=lambda value: str(value)[:30],
)
def test_limits_are_known_in_the_errors_of_other_libraries(error: Exception, number: int) -> None:
    with pytest.raises(OSError) as raised:  # noqa: PT011 - its number is looked at
        tell_apart(error, Damaged("It cannot be read."))
    assert (raised.value.errno, raised.value.__cause__) == (number, error)


def test_memory_that_is_not_there_is_a_limit() -> None:
    with pytest.raises(MemoryError):
        tell_apart(MemoryError(), Damaged("It cannot be read."))
    assert is_exhausted(MemoryError())
    assert in_words(MemoryError()) == os.strerror(errno.ENOMEM)


@pytest.mark.parametrize("error", [AttributeError("no attribute 'fast_field_values'"), ImportError("no module")])
def test_a_library_of_another_version_is_no_damage(error: Exception) -> None:
    with pytest.raises(type(error)):
        tell_apart(error, Damaged("It cannot be read."))


@pytest.mark.parametrize("error", [ValueError("bad magic"), KeyError("title"), EOFError(), UnicodeError("bad")])
def test_anything_else_is_damage(error: Exception) -> None:
    assert limit_of(error) is None
    raise_limit(error)
    with pytest.raises(Damaged):
        tell_apart(error, Damaged("It cannot be read."))


def test_only_what_nobody_could_have_just_now_is_exhaustion() -> None:
    for number in (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN):
        with pytest.raises(OSError):  # noqa: PT011 - whichever it is
            raise_exhaustion(refused(number))
    for number in (errno.EIO, errno.EACCES, errno.ENOENT):
        raise_exhaustion(refused(number))


def test_what_sqlite_was_refused_is_a_limit_and_a_broken_page_is_not(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as unopened:
        sqlite3.connect(f"file:{tmp_path}/folder/none?mode=ro", uri=True).execute("SELECT 1 FROM sqlite_master")
    assert limit_of(unopened.value) is not None
    (tmp_path / "broken").write_bytes(b"no database " * 100)
    with pytest.raises(sqlite3.DatabaseError) as broken:
        sqlite3.connect(tmp_path / "broken").execute("SELECT 1 FROM sqlite_master")
    assert limit_of(broken.value) is None


def _catches_limits(handler: ast.ExceptHandler) -> bool:
    caught = (
        {"BaseException"}
        if handler.type is None
        else {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    )
    return bool(caught & {"OSError", "Exception", "BaseException", "MemoryError"})


def _calls_damage(handler: ast.ExceptHandler) -> bool:
    raised = (node.exc for node in ast.walk(handler) if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call))
    return any(isinstance(one.func, ast.Name) and one.func.id == "Damaged" for one in raised)


def _tells_apart(handler: ast.ExceptHandler) -> bool:
    """Tell whether it asks first if the disk does not give back what lies in one file."""
    return any(isinstance(node, ast.Name) and node.id == "is_unreadable" for node in ast.walk(handler))


def test_only_what_the_disk_does_not_give_back_of_a_file_is_damage_of_it() -> None:
    unread = sqlite3.OperationalError("disk I/O error")
    error = refused(errno.EIO)
    assert is_unreadable(error, Path("/some/file"))
    assert not is_unreadable(error, Path("/another/file"))
    assert not is_unreadable(refused(errno.EMFILE), Path("/some/file"))
    for code, expected in ((sqlite3.SQLITE_IOERR_SHORT_READ, True), (sqlite3.SQLITE_IOERR_WRITE, False)):
        unread.sqlite_errorcode = code
        error.__cause__ = unread
        assert is_unreadable(error, Path("/some/file")) is expected
    unread.sqlite_errorcode = sqlite3.SQLITE_IOERR_NOMEM
    assert isinstance(limit_of(unread), MemoryError)


def test_nobody_calls_damage_what_may_be_a_limit_without_telling_them_apart() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{handler.lineno}"
        for folder in ("archive", "index")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for handler in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(handler, ast.ExceptHandler) and _catches_limits(handler) and _calls_damage(handler)
        if not _tells_apart(handler)
        if path.relative_to(ROOT) != EXPORTED
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "error",
    [
        ValueError("could not convert string to float: 'permission denied'"),
        KeyError("out of memory"),
        Exception("<p>No space left on device</p> is not closed"),
    ],
)
def test_words_that_somebody_wrote_are_no_limit(error: Exception) -> None:
    assert limit_of(error) is None


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("Fail", "Failed to allocate memory for requested buffer of size 8"),
        ("RuntimeException", "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code: std::bad_alloc"),
        ("EPFail", "Failed to allocate a buffer"),
    ],
)
def test_what_onnxruntime_says_of_memory_is_a_limit(kind: str, said: str) -> None:
    from onnxruntime.capi import onnxruntime_pybind11_state

    limit = limit_of(getattr(onnxruntime_pybind11_state, kind)(said))
    assert isinstance(limit, OSError)
    assert limit.errno == errno.ENOMEM
