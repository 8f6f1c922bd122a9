from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from archive.core.errors import Action, ArchiveError, NotAnArchive, Remedy, UsageError
from archive.folder.settings import Settings, create, load, outdated, renew, salvaged, save


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "morgue.toml"


def with_text(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_new_settings_are_the_defaults_with_an_id_of_their_own(path: Path, tmp_path: Path) -> None:
    made = create(path)
    assert load(path) == made == Settings(id=made.id)
    assert len(made.id) == 16
    assert create(tmp_path / "other.toml").id != made.id


def test_every_key_of_a_new_file_is_explained(path: Path) -> None:
    create(path)
    text = path.read_text("utf-8")
    keys = [key for section in tomllib.loads(text).values() for key in section]
    assert len(keys) == len(fields(Settings)) - 1  # sections of records are a person's own; a comment shows one
    assert "# [records.NAME]" in text
    blocks = text.split("\n\n")
    for key in keys:
        (block,) = (one for one in blocks if f"\n{key} = " in one)
        assert "\n# " in block.split(f"\n{key} = ")[0], key


def test_settings_come_back_as_they_were_saved(path: Path) -> None:
    made = replace(
        create(path),
        engine="tantivy",
        vectors="exact",
        model='C:\\models\\"mine"',
        prompt_query="query: ",
        prompt_passage="passage:\t",
        max_text=1_000,
    )
    save(path, made)
    assert load(path) == made


def test_saving_keeps_what_a_person_wrote(path: Path) -> None:
    made = create(path)
    path.write_text(path.read_text("utf-8").replace("[index]", "[index]\n# ours is large"), "utf-8")
    save(path, replace(made, engine="tantivy"))
    assert "# ours is large" in path.read_text("utf-8")
    assert load(path).engine == "tantivy"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_settings_are_for_their_owner_only(path: Path) -> None:
    create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_id_alone_is_enough(path: Path) -> None:
    assert load(with_text(path, '[archive]\nid = "abc"\n')) == Settings(id="abc")


@pytest.mark.parametrize("text", ["", "[archive]\n", '[archive]\nid = ""\n', '[index]\nengine = "auto"\n'])
def test_settings_without_an_id_make_no_archive(path: Path, text: str) -> None:
    with pytest.raises(NotAnArchive, match="no archive id") as caught:
        load(with_text(path, text))
    assert caught.value.remedy == Remedy(Action.CREATE)


def test_a_folder_without_settings_is_no_archive(path: Path) -> None:
    with pytest.raises(NotAnArchive, match="is not a Morgue archive") as caught:
        load(path)
    assert caught.value.remedy == Remedy(Action.CREATE)


@pytest.mark.leaves_damage
@pytest.mark.parametrize("text", [None, "", "= = ="])
def test_an_archive_without_settings_that_can_be_read_leads_to_repair(path: Path, text: str | None) -> None:
    path.with_name("catalog.sqlite").touch()
    if text is not None:
        with_text(path, text)
    with pytest.raises(ArchiveError) as caught:
        load(path)
    assert caught.value.remedy == Remedy(Action.REPAIR)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('[index]\nengine = "lucene"', "index.engine is 'lucene'"),
        ("[index]\nengine = 1", "index.engine is 1"),
        ('[index]\nchroma = "yes"', "index.chroma is 'yes'"),
        ('[index]\nvectors = "faiss"', "index.vectors is 'faiss'; it can be auto, exact, chroma"),
        ("[index]\nvectors = true", "index.vectors is True"),
        ("[reading]\nmax_text = true", "reading.max_text is True"),
        ("[reading]\nmax_text = 0", "reading.max_text is 0"),
        ('[reading]\nmax_text = "5 MB"', "reading.max_text is '5 MB'"),
        ("[model]\nname = 3", "model.name is 3"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(path: Path, line: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(with_text(path, f'[archive]\nid = "abc"\n{line}\n'))
    assert named in caught.value.message
    assert str(path) in caught.value.message


@pytest.mark.parametrize(
    ("name", "misspelt"),
    [
        ("max_text", "max_tezt"),
        ("engine", "engina"),
        ("engine", "e.gine"),
        ("engine", "engin"),
        ("max_text", "reading.max_text"),
        ("prompt_query", "promptquery"),
        ("[reading]", "[readings]"),
        ("vectors", "veators"),
        ("prompt_query", "prompt_quesy"),
        ("[index]", "[indey]"),
        ("[model]", "[mo.el]"),
    ],
)
def test_a_misspelt_name_is_told_and_not_taken_as_unset(path: Path, name: str, misspelt: str) -> None:
    create(path)
    text = path.read_text("utf-8")
    with pytest.raises(UsageError, match=r"means nothing; .* is missing") as caught:
        load(with_text(path, re.sub(rf"^{re.escape(name)}", misspelt, text, flags=re.MULTILINE)))
    assert str(path) in caught.value.message


def test_a_name_of_ones_own_harms_nothing(path: Path) -> None:
    create(path)
    made = load(path)
    for more in ("\n[mine]\nkey = 1\n", '\nnote = "of the desk"\n'):
        assert load(with_text(path, path.read_text("utf-8") + more)) == made
    assert load(with_text(path, f'{ID}[index]\nowner = "desk"\n[mine]\nname = "desk"\n')) == Settings(id="abc")


@pytest.mark.parametrize("text", ['name = "desk"\n', '[archive]\nid = "abc"\nname = "My clippings"\n'])
def test_a_name_for_the_archive_harms_nothing(path: Path, text: str) -> None:
    assert load(with_text(path, text if "id" in text else text + ID)) == Settings(id="abc")


@pytest.mark.parametrize("text", ['index = "tantivy"\n', "index = 5\n"])
def test_a_value_in_place_of_a_section_is_told(path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"index is .*, which is no section"):
        load(with_text(path, text + ID))


def test_what_is_sound_of_refused_settings_is_taken_over(path: Path) -> None:
    text = ID + '[index]\nengine = "tantivy"\nvectors = "faiss"\n[reading]\nmax_tezt = 9\n[mine]\nkey = 1\n'
    assert salvaged(with_text(path, text)) == Settings(id="abc", engine="tantivy")


@pytest.mark.parametrize("text", ["[index]\nmax_text = 9\n", "max_text = 9\n"])
def test_a_name_in_another_section_is_told(path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"max_text means nothing; reading\.max_text is missing"):
        load(with_text(path, text + ID))


@pytest.mark.parametrize("raw", [b'[archive]\nid = "abc\n', b"\xff\xfe\x00", b"= = ="])
def test_a_file_that_is_not_toml_is_told_apart_from_no_archive(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    with pytest.raises(UsageError, match="cannot be read"):
        load(path)


ID = '[archive]\nid = "abc"\n'
OLD_COMMENT = """\
# Whether builds make a Chroma index beside the vectors. It is asked where it was measured to find 99% of the nearest
# passages and to be quicker than doing without; it takes longer to build, and more memory and disk.
"""
MADE_BEFORE = f"""\
# Settings of this Morgue archive. Changes take effect at the next `morgue rebuild`.

[archive]
# Names the archive; a folder without it is not one. Leave as it is.
id = "abc"

[index]
# Engine of the word index: "auto" (by size), "rank-bm25" or "tantivy".
engine = "auto"
{OLD_COMMENT}chroma = false  # we have few

# ours
[model]
name = ""
"""


@pytest.mark.parametrize(
    ("line", "vectors"),
    [
        ("chroma = false", "auto"),
        ("chroma = true", "chroma"),
        ('chroma = true\nvectors = "exact"', "exact"),
        ("", "auto"),
    ],
)
def test_the_key_of_earlier_versions_is_read_as_what_it_means_now(path: Path, line: str, vectors: str) -> None:
    assert load(with_text(path, f"{ID}[index]\n{line}\n")).vectors == vectors


def test_only_what_means_something_else_now_is_told_with_what_to_write_instead(path: Path) -> None:
    assert 'vectors = "exact"' in (outdated(with_text(path, MADE_BEFORE)) or "")
    for line in ("chroma = true", 'vectors = "auto"', 'vectors = "exact"\nchroma = false', ""):
        assert outdated(with_text(path, f"{ID}[index]\n{line}\n")) is None


def test_renewed_settings_differ_in_the_key_and_its_explanation_alone(path: Path) -> None:
    note = renew(with_text(path, MADE_BEFORE))
    text = path.read_text("utf-8")
    assert note == outdated(with_text(path, MADE_BEFORE))
    assert 'vectors = "auto"  # we have few\n\n# ours\n[model]' in text
    assert "Whether builds make" not in text
    before = [line for line in MADE_BEFORE.splitlines() if "Chroma" not in line and "chroma" not in line]
    after = [line for line in text.splitlines() if line in before]
    assert after == [line for line in before if not line.startswith("# passages and to be quicker")]


@pytest.mark.parametrize(
    "text",
    [
        f'{ID}[index]\n"chroma" = true # why\n',
        f"{ID}[index]\n'chroma'=true# why\n",
        f"[other]\nchroma = true # mine\n\n{ID}[index]\nchroma = true # why\n",
        f"{ID}[index]\n# chroma = false\nchroma = true # why\n",
        f'{ID}[index]\nchroma = true # why\n[model]\nprompt_query = """\n{OLD_COMMENT}chroma = true\n"""\n',
        f'{ID}[index]\nvectors = "chroma"\nchroma = false # why\n',
        f'"index" . chroma = true # why\n{ID}',
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_comment_beside_the_key_and_the_ends_of_lines_stay(path: Path, text: str, line_end: str) -> None:
    path.write_bytes(text.replace("\n", line_end).encode())
    before = tomllib.loads(text)
    del before["index"]["chroma"]
    renew(path)
    written = path.read_bytes().decode()
    assert tomllib.loads(written) == before | {"index": {"vectors": "chroma"}}
    assert "# why" in written
    assert written.count("\n") == written.count(line_end) == text.count("\n")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_explanation_of_the_key_is_that_of_now(path: Path, line_end: str) -> None:
    path.write_bytes(MADE_BEFORE.replace("\n", line_end).encode())
    renew(path)
    written = path.read_bytes().decode()
    assert "# What finds the nearest passages" in written
    assert "Whether builds make" not in written
    assert written.count("\n") == written.count(line_end)


def test_saving_keeps_the_ends_of_lines(path: Path) -> None:
    made = create(path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    before = path.read_bytes()
    save(path, replace(made, engine="tantivy"))
    assert path.read_bytes() == before.replace(b'engine = "auto"', b'engine = "tantivy"')


def test_settings_are_renewed_once(path: Path) -> None:
    assert renew(with_text(path, MADE_BEFORE)) is not None
    first = path.stat().st_mtime_ns
    assert renew(path) is outdated(path) is None
    assert path.stat().st_mtime_ns == first


@pytest.mark.parametrize(
    "text",
    [
        f"index.chroma = true # why\n\n{ID}",
        f"index = {{ chroma = true }} # why\n{ID}",
        f"{ID}[index] # why\n  chroma=true",
        f'{ID}[index] # why\nvectors = "chroma"\nchroma = false\n',
        f'{ID}[index] # why\nchroma = true\n[model]\nprompt_query = """\nchroma = true\n"""\n',
    ],
)
def test_settings_are_renewed_however_they_are_laid_out(path: Path, text: str) -> None:
    before = load(with_text(path, text))
    renew(path)
    assert load(path) == before
    assert before.vectors == "chroma"
    written = tomllib.loads(path.read_text("utf-8"))
    assert written["index"] == {"vectors": "chroma"}


def test_saving_settings_of_an_earlier_version_leaves_one_key(path: Path) -> None:
    save(with_text(path, MADE_BEFORE), replace(load(path), vectors="exact"))
    assert tomllib.loads(path.read_text("utf-8"))["index"] == {"engine": "auto", "vectors": "exact"}
