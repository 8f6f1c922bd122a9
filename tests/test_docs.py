from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tui.cli.group import morgue

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"--archive", "--debug"}  # of every command, which a page may leave to the README
README = (ROOT / "README.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", README, re.DOTALL)


def commands() -> dict[str, click.Command]:
    context = click.Context(morgue)
    found = {name: morgue.get_command(context, name) for name in morgue.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_every_command_and_option_is_in_the_readme_and_has_help() -> None:
    assert commands()
    for name, command in commands().items():
        assert f"`morgue {name}" in README, name
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.help or parameter.name == "mode", f"{name} {parameter.name}"
                assert max(parameter.opts, key=len) in README, f"{name} {parameter.opts}"


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


def test_pictures_and_files_that_the_readme_names_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target


def test_every_command_has_a_page_that_names_its_options_and_no_others() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in (ROOT / "docs" / "commands").glob("*.md")}
    assert set(pages) == set(commands())
    for name, command in commands().items():
        rows = "\n".join(line.split(" | ")[0] for line in pages[name].splitlines() if line.startswith("| `-"))
        given = {
            option for parameter in command.params if isinstance(parameter, click.Option) for option in parameter.opts
        }
        assert set(re.findall(r"`(--?[a-z-]+)", rows)) >= given - SHARED, name
        assert set(re.findall(r"`(--?[a-z-]+)", rows)) <= given, name


def test_every_benchmark_is_named_once() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+\.py)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(path.name for path in (ROOT / "benchmarks").glob("*.py"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the README's lines can run: the sample articles, and an archive as the tour makes it."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "seeds").symlink_to(ROOT / "seeds", target_is_directory=True)
    return folder


def test_the_tour_runs(place: Path) -> None:
    tour = next(block for block in blocks("console") if "my-archive add" in block)
    lines = [line.removeprefix("$ ") for line in tour.splitlines()]
    assert len(lines) == 4
    for line in lines[:-1]:  # the last opens the UI, which tests/tui drives
        program, *arguments = shlex.split(line)
        assert program == "morgue"
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "tui", *arguments],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"


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
        line.removeprefix("$ make ") for block in blocks("console") for line in block.splitlines() if "make" in line
    }
    assert named == {"demo", "test"}
    assert named <= targets
