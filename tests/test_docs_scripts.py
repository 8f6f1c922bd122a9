from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest

from archive.folder.settings import create
from tui.cli import exit_codes
from tui.cli.group import morgue

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "scripts.md").read_text("utf-8")
CUT = re.compile(r" \||\s*\|\|| &&| ;| > | 2>")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, without its head."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def commands() -> list[str]:
    """Return every call of the program on the page: in blocks, and between backquotes with an option."""
    fenced = re.findall(r"^(?:\$ |\t|ExecStart=|[-0-9* ]+  )(morgue .*)$", PAGE, re.MULTILINE)
    return [CUT.split(line)[0] for line in fenced] + re.findall(r"`(morgue [^`]+)`", PAGE)


def test_the_page_calls_the_program_in_every_kind_of_block() -> None:
    assert len(commands()) > 20
    for kind in ("cron", "ini", "make", "console"):
        assert any("morgue " in block for block in blocks(kind)), kind


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_commands_parse(line: str) -> None:
    outer = morgue.make_context("morgue", shlex.split(line)[1:])
    name, *arguments = [*outer._protected_args, *outer.args]
    command = morgue.get_command(outer, name)
    assert command is not None, name
    command.make_context(name, list(arguments), parent=outer)


def test_a_wrong_command_would_not_parse() -> None:
    with pytest.raises(click.UsageError):
        test_commands_parse("morgue update --no-such-option")


def test_every_setting_is_told_with_its_default(tmp_path: Path) -> None:
    create(tmp_path / "morgue.toml")
    held = tomllib.loads((tmp_path / "morgue.toml").read_text("utf-8"))
    defaults = {f"{section}.{key}": value for section, keys in held.items() for key, value in keys.items()}
    told = {row[0].strip("`"): row[1].strip("`") for row in rows("Settings")}
    assert told.pop("records.NAME") == "none"  # a section that a new archive has not
    assert set(told) == set(defaults)
    del told["archive.id"], defaults["archive.id"]
    assert {key: json.loads(value) for key, value in told.items()} == defaults


def test_every_exit_code_is_told() -> None:
    used = {value for value in vars(exit_codes).values() if isinstance(value, int)}
    assert {int(row[0]) for row in rows("Exit codes")} == used


@pytest.mark.parametrize("name", ["report", "status", "verify", "doctor", "error"])
def test_every_key_of_the_objects_is_told(name: str) -> None:
    schema: dict[str, Any] = json.loads((ROOT / "tui" / "schemas" / f"{name}.json").read_text("utf-8"))
    section = PAGE.split("## What is printed\n")[1].split("\n## ")[0]
    for key in set(schema["properties"]) - {"schema"}:
        assert f"`{key}`" in section, key


def test_units_of_systemd_are_files_of_its_kind() -> None:
    for block in blocks("ini"):
        unit = configparser.ConfigParser(interpolation=None)
        unit.read_string(block)
        assert "Unit" in unit
        assert {"Service", "Timer"} & set(unit)


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_the_rule_of_make_is_one(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(blocks("make")[0], "utf-8")
    done = subprocess.run(
        ["make", "-n", "--no-print-directory", "index"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "morgue --archive my-archive add clippings --quiet || [ $? -eq 3 ]\n"
