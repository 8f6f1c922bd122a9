from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from docs import tables
from tests.archives import built_archive
from tui.__main__ import run
from tui.cli.group import morgue

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"--archive", "--debug"}  # of every command, which a page may leave to the README
README = (ROOT / "README.md").read_text("utf-8")
MADE_UP = {
    "archive/readers/rtf.py", "tests/archive/readers/test_rtf.py", "index/lexical/NAME.py",
    "tui/cli/commands/facets.py", "tui/schemas/facets.json", "docs/commands/facets.md",
}  # fmt: skip
"""What the examples of CONTRIBUTING.md tell to write."""
BENCHMARKS = ROOT / "benchmarks"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page are linked by."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in plain}


def commands() -> dict[str, click.Command]:
    context = click.Context(morgue)
    found = {name: morgue.get_command(context, name) for name in morgue.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def options(command: click.Command) -> set[str]:
    """Return the options of a command and of the commands within it."""
    own = {option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts}
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(options, inner))


def test_every_command_is_in_the_readme_with_its_page_and_has_help() -> None:
    assert re.findall(r"^\| \[`morgue (\w+)`\]\(docs/commands/\1\.md\)", README, re.MULTILINE) == list(commands())
    for name, command in commands().items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.help or parameter.name == "mode", f"{name} {parameter.name}"


def test_every_example_of_the_query_language_is_read_as_it_says() -> None:
    from index import parse
    from index.query.ast import LANGUAGE

    page = (ROOT / "docs" / "questions.md").read_text("utf-8")
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `")]
    examples = [example for row in rows for example in re.findall(r"`([^`]+)`", row)]
    assert len(examples) > 15
    for example in (*examples, *(example for example, _ in LANGUAGE)):
        query = parse(example)
        assert not [note for note in query.notes if "exclusions" not in note], example
        assert parse(str(query)) == query
    shown = " ".join(example for example, _ in LANGUAGE)
    assert set(re.findall(r"(\w+):", shown)) == set(re.findall(r"`(\w+):", page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_links_to_exists(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(((?!https?://)[^)]+)\)", text):
        name, _, anchor = target.partition("#")
        linked = page.parent / name if name else page
        assert linked.exists(), target
        if anchor:
            assert anchor in anchors(linked), target


def test_modules_of_ours_that_a_page_names_exist() -> None:
    for page in PAGES:
        for name in re.findall(r"`((?:archive|index|tui|tests|benchmarks|docs)/[\w/.-]+)`", page.read_text("utf-8")):
            assert (ROOT / name).exists() != (name in MADE_UP), f"{page.name}: {name}"


def test_architecture_has_a_row_for_every_module_and_no_other() -> None:
    assert tables.problems((ROOT / "ARCHITECTURE.md").read_text("utf-8")) == []


def test_a_module_without_a_row_a_row_without_a_module_and_a_folder_without_a_table_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""An archive. Of articles."""\n', "utf-8")
    (folder / "reader.py").write_text('"""Reading ``x``,\nfirst. Then more."""\n', "utf-8")
    page = tables.filled("<!-- modules: archive -->\n<!-- end -->\n", tmp_path)
    assert "An archive.\n" in page
    assert "| `reader` | Reading `x`, first. |" in page
    assert tables.problems(page, tmp_path) == []
    (folder / "other.py").write_text('"""Another."""\n', "utf-8")
    assert [problem for problem in tables.problems(page, tmp_path) if "stale" in problem]
    (folder / "other.py").unlink()
    (folder / "reader.py").unlink()
    assert [problem for problem in tables.problems(page, tmp_path) if "stale" in problem]
    (folder / "inner").mkdir()
    (folder / "inner" / "silent.py").write_text("", "utf-8")
    found = tables.problems(tables.filled(page, tmp_path), tmp_path)
    assert "archive/inner has no table in ARCHITECTURE.md" in found
    assert "archive/inner/silent.py has no docstring" in found
    assert any("several" in problem for problem in tables.problems(page + page, tmp_path))


def test_every_command_has_a_page_that_names_its_options_and_no_others() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs" / "commands").glob("*.md")}
    assert set(pages) == set(commands())
    for name, command in commands().items():
        rows = "\n".join(line.split(" | ")[0] for line in pages[name].splitlines() if line.startswith("| `-"))
        given = options(command)
        assert set(re.findall(r"`(--?[a-z-]+)", rows)) >= given - SHARED, name
        assert set(re.findall(r"`(--?[a-z-]+)", rows)) <= given, name


def test_every_page_of_a_command_names_the_options_of_all_and_its_exit_codes() -> None:
    for path in (ROOT / "docs" / "commands").glob("*.md"):
        page = path.read_text("utf-8")
        assert {f"`{option}" for option in SHARED} <= set(re.findall(r"^\| (`--\w+)", page, re.MULTILINE)), path.name
        assert re.search(r"^Exit codes: 0 ", page, re.MULTILINE), path.name


def test_a_dry_run_of_the_sample_articles_goes_as_its_page_says(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--archive", str(place / "my-archive"), "add", str(place / "seeds" / "articles"), "--dry-run"]) == 0
    assert f"```\n{capsys.readouterr().out}```" in (ROOT / "docs" / "commands" / "add.md").read_text("utf-8")


def test_every_benchmark_is_named_once() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    named = re.findall(r"^\| `([\w/]+\.py)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(path.relative_to(BENCHMARKS).as_posix() for path in BENCHMARKS.rglob("*.py"))


def benchmark(name: str, *arguments: str) -> tuple[int, str, str]:
    command, environment = [sys.executable, str(BENCHMARKS / name), *arguments], {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["cold_start.py", "growth_picture.py", "peers/exact.py"])
def test_a_benchmark_says_how_it_is_used(name: str) -> None:
    code, out, err = benchmark(name, "--help")
    assert (code, err) == (0, "")
    assert f"Usage: python benchmarks/{name.replace('exact', 'NAME')}" in out
    assert benchmark(name, *["only one"] * (name == "growth_picture.py")) == (2, "", out)


def test_every_benchmark_has_its_arguments_from_where_help_is_given() -> None:
    for path in BENCHMARKS.rglob("*.py"):
        text = path.read_text("utf-8")
        is_script = "__main__" in text and path.name != "measure.py"
        if is_script and path.parent == BENCHMARKS:
            assert "arguments(" in text.rpartition("__main__")[2], path.name
            assert "\nUsage: python benchmarks/" in text, path.name
        assert "sys.argv" not in text or path.name in ("measure.py", "builds.py"), path.name


def test_a_comparison_of_builds_by_a_single_pair_is_refused_before_the_work(tmp_path: Path) -> None:
    code, _, err = benchmark("builds.py", str(tmp_path), str(tmp_path / "absent.jsonl"), "1")
    assert (code, err) == (1, "PAIRS has to be at least 2: there is no interval of a single ratio.\n")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the README's Python runs: the sample articles, and an archive of them."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "seeds").symlink_to(ROOT / "seeds", target_is_directory=True)
    built_archive(folder / "my-archive", folder / "seeds" / "articles")
    return folder


def test_the_python_runs(place: Path) -> None:
    examples = blocks("python")
    assert len(examples) == 2
    for code in examples:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "articles" in done.stdout or "sanctions" in done.stdout.casefold()


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        line.removeprefix("$ make ")
        for block in blocks("console")
        for line in block.splitlines()
        if line.startswith("$ make ")
    }
    assert named == {"demo", "test"}
    assert named <= targets


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_the_pictures_are_drawn_where_what_draws_them_is_installed(tmp_path: Path) -> None:
    command = ["make", "--dry-run", "pictures", f"VENV={tmp_path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.index("'.[dev]'") < done.stdout.index("docs/pictures.py")
