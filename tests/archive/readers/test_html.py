from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.core.article import Draft, Refusal
from archive.readers import Limits, read, release

BODY = (
    "<p>The number of people known to have died in the storm rose to nine on Thursday, the harbour master said.</p>"
    "<p>Rescue crews searched the outer piers for a second night, helped by volunteers from three towns.</p>"
)
TEXT = (
    "The number of people known to have died in the storm rose to nine on Thursday, the harbour master said.\n\n"
    "Rescue crews searched the outer piers for a second night, helped by volunteers from three towns."
)


@pytest.fixture(scope="module", autouse=True)
def _worker() -> Iterator[None]:
    yield
    release()


def read_page(tmp_path: Path, page: str | bytes, limits: Limits | None = None) -> Draft | Refusal:
    path = tmp_path / "000_526a33014b2a65c3.html"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    (item,) = read(path, limits or Limits())
    return item


def draft(tmp_path: Path, head: str = "", before: str = "", after: str = "") -> Draft:
    item = read_page(
        tmp_path,
        f"<!doctype html><html><head>{head}</head><body>{before}<article>{BODY}</article>{after}</body></html>",
    )
    assert isinstance(item, Draft)
    return item


def test_a_page_gives_its_article_and_metadata(tmp_path: Path) -> None:
    page = (
        '<!doctype html><html lang="en-GB"><head><title>Toll rises after the storm | The Harbour Post</title>'
        '<meta property="og:site_name" content="The Harbour Post"><meta name="author" content="Ana Lind">'
        '<meta property="article:published_time" content="2022-01-20T10:15:00+01:00">'
        '<meta property="article:modified_time" content="2022-02-20T10:15:00+01:00">'
        '<link rel="canonical" href="https://harbour.example/toll?utm_source=x"></head><body><nav>Home Sport</nav>'
        f"<article><h1>Toll rises after the storm</h1>{BODY}</article><footer>Copyright 2024</footer></body></html>"
    )
    item = read_page(tmp_path, page)
    assert isinstance(item, Draft)
    assert item.text.endswith(TEXT)
    assert (item.title, item.title_from) == ("Toll rises after the storm", "heading")
    assert (item.outlet, item.author, item.language) == ("The Harbour Post", "Ana Lind", "en")
    assert item.url == "https://harbour.example/toll"
    assert (item.published, item.published_from) == ("2022-01-20T10:15:00+01:00", "metadata")
    assert item.raw_digest == hashlib.sha256(page.encode()).hexdigest()
    assert item.reader.startswith("html/2 trafilatura/")


def test_menus_comments_and_footers_are_not_the_article(tmp_path: Path) -> None:
    found = draft(
        tmp_path,
        before="<nav><a href=/>Home</a></nav>",
        after="<div id=comments><p>What a sad day for all of us here.</p></div>",
    )
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("head", "before", "expected"),
    [
        ('<meta name="date" content="2022-01-20">', "", ("2022-01-20", "metadata")),
        (
            '<script type="application/ld+json">{"datePublished": "2022-01-20T08:00:00Z"}</script>',
            "",
            ("2022-01-20T08:00:00+00:00", "metadata"),
        ),
        ('<link rel="canonical" href="https://h.example/2022/01/20/toll">', "", ("2022-01-20", "url")),
        ("", '<time datetime="2022-01-20T09:30">Thursday</time>', ("2022-01-20T09:30:00", "text")),
        ("", '<p class="dateline">20 January 2022</p>', ("2022-01-20", "text")),
        ("", '<p class="dateline">Friday, January 21</p>', (None, None)),
        ('<meta property="article:modified_time" content="2022-02-20">', "", (None, None)),
        ('<meta itemprop="copyrightyear" content="2022">', "", (None, None)),
        ('<meta property="og:image" content="https://h.example/2022/01/20/a.jpg">', "", (None, None)),
        ("<script>var built = '2022-01-20';</script>", "", (None, None)),
        ('<meta name="date" content="2199-01-20">', "", (None, None)),
        ("", '<aside><time datetime="2022-01-20">then</time></aside>', (None, None)),
        ("", "<p>The talks of 20 January 2022 failed, people close to them said.</p>", (None, None)),
    ],
)
def test_only_dates_of_publication_are_taken(
    tmp_path: Path, head: str, before: str, expected: tuple[str | None, str | None]
) -> None:
    found = draft(
        tmp_path,
        head,
        before,
        '<div class="comment"><time datetime="2022-03-03">3 March 2022</time></div><footer>© 2024-05-05</footer>',
    )
    assert (found.published, found.published_from) == expected


def test_a_page_without_any_title_gets_one(tmp_path: Path) -> None:
    found = draft(tmp_path)
    assert found.title_from == "first line"
    assert found.title.startswith("The number of people known")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("cp1252", "iso-8859-1"), ("cp1251", "windows-1251"), ("utf-16", "utf-16"), ("gb18030", "gb2312")],
)
def test_pages_are_decoded_as_they_declare(tmp_path: Path, encoding: str, declared: str) -> None:
    word = {"cp1252": "Fähre “blieb”", "cp1251": "Паром", "utf-16": "Паром", "gb18030": "渡轮停航"}[encoding]
    page = f'<html><head><meta charset="{declared}"></head><body><p>{word} {"word " * 30}</p></body></html>'
    item = read_page(tmp_path, page.encode(encoding))
    assert isinstance(item, Draft)
    assert item.text.startswith(word)
    assert item.damage == 0


@pytest.mark.parametrize(
    "page", ["<html><body></body></html>", "<html>", "<!-- nothing -->", "<html><body><script>x = 1</script>"]
)
def test_a_page_without_text_is_refused(tmp_path: Path, page: str) -> None:
    item = read_page(tmp_path, page)
    assert isinstance(item, Refusal)
    assert item.code == "no-text"


def test_a_fragment_is_read(tmp_path: Path) -> None:
    item = read_page(tmp_path, f"{BODY}")
    assert isinstance(item, Draft)
    assert item.text == TEXT


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote", "font", "span"])
def test_100_000_nested_tags_are_a_refusal(tmp_path: Path, tag: str) -> None:
    item = read_page(tmp_path, f"<html><body>{BODY}" + f"<{tag}>" * 100_000 + "the deepest text", Limits(seconds=5))
    assert isinstance(item, Refusal)
    assert item.code == "too-complex"


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[", "<p", "<a href='", "&lt;", "</p>", "<svg><math>"])
def test_malformed_pages_never_raise(tmp_path: Path, piece: str) -> None:
    item = read_page(tmp_path, f"<html><body>{BODY}" + piece * 20_000, Limits(seconds=5))
    assert isinstance(item, Draft) or item.code in ("too-complex", "no-text")


def test_a_page_that_takes_too_long_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    started = time.monotonic()
    slow = read_page(
        tmp_path, "<html><body>" + "".join(f"<p><b><i>{n} word" for n in range(100_000)), Limits(seconds=1)
    )
    assert isinstance(slow, Refusal)
    assert slow.code == "too-complex"
    assert time.monotonic() - started < 15
    assert draft(tmp_path).text == TEXT


def test_a_page_that_takes_too_much_memory_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux keeps the limit of address space")
    page = "<html><body>" + "<p>word <b>word</b></p>" * 600_000
    item = read_page(tmp_path, page, Limits(memory=400 << 20))
    assert isinstance(item, Refusal)
    assert item.code == "too-complex"
    assert draft(tmp_path).text == TEXT


def test_a_caller_without_a_main_guard_is_not_run_twice(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<html><body>{BODY}</body></html>")
    script = tmp_path / "script.py"
    script.write_text(
        "print('started', flush=True)\nimport sys\nfrom pathlib import Path\nfrom archive.readers import Limits, read\n"
        "print(type(next(read(Path(sys.argv[1]), Limits()))).__name__)\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, script, tmp_path / "page.html"],
        capture_output=True, text=True, check=True, cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == ["started", "Draft"]
    assert done.stderr == ""
