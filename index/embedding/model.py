"""Which model makes the vectors: where its files lie, whether they are what they should be, what identifies it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.core.errors import Action, ArchiveError, Remedy, UsageError
from archive.core.system_limits import tell_apart
from archive.folder.user_folder import expanded
from index.embedding.bundled import NAME, OWNER, locate_bundled
from index.runtime.memo import remembered_sha256

if TYPE_CHECKING:
    from archive.folder.settings import Settings

BUNDLED: Final = NAME
_HUB_OWNER: Final = OWNER + "/"
_CROSS_OWNER: Final = "cross-encoder/"
_HUB_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")
_QUERY_PROMPTS: Final = ("query",)
_PASSAGE_PROMPTS: Final = ("document", "passage")
_CROSS_ENCODER: Final = "CrossEncoder"
_CLASSIFIER: Final = "ForSequenceClassification"


@dataclass(frozen=True, slots=True)
class Model:
    """A sentence-transformers model on this machine.

    Attributes:
        path: its folder.
        name: what people call it.
        fingerprint: sha256 (hex) over weights, tokenizer, module settings, token limit and prompts.
        dimension: length of a vector.
        max_tokens: most tokens of an input, special tokens included.
        query_prompt: put in front of a question before it is encoded; likewise ``passage_prompt``.
    """

    path: Path
    name: str
    fingerprint: str
    dimension: int
    max_tokens: int
    query_prompt: str = ""
    passage_prompt: str = ""


class ModelEncoder:
    """What every encoder tells of the model it runs."""

    def __init__(self, model: Model) -> None:
        self.model = model

    @property
    def fingerprint(self) -> str:
        """Return the model's fingerprint."""
        return self.model.fingerprint

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self.model.dimension


def locate(settings: Settings | None = None) -> Model:
    """Find the model that the settings name; the network is not touched.

    Args:
        settings: of the archive; None, or no model named in them, means the bundled model. A name that starts with
            ``/``, ``.`` or ``~`` is a folder, any other one a model of the Hugging Face hub.

    Raises:
        ArchiveError: the model is not here or is of a kind that cannot be used.
        Damaged: the bundled model's files are not the published ones.
    """
    named = settings.model if settings else None
    query, passage = (settings.prompt_query, settings.prompt_passage) if settings else ("", "")
    if named is None or named in (BUNDLED, _HUB_OWNER + BUNDLED):
        return describe(locate_bundled(), BUNDLED, query, passage)
    return describe(_named(named), named, query, passage)


def locate_cross_encoder(name: str) -> Path:
    """Find the folder of a cross-encoder; the network is not touched.

    Args:
        name: a folder, or a model of the Hugging Face hub that was fetched before.

    Raises:
        ArchiveError: the model is not here, or has no weights in the safetensors format.
        UsageError: it is not a cross-encoder.
    """
    near = expanded(Path(name))
    folder = near.absolute() if name and near.is_dir() else _named(name, _CROSS_OWNER)
    modules_file = folder / "modules.json"
    _refuse_others(folder, name, of_modules=modules_file.is_file())
    _refuse_pickles(folder, _modules(folder, name) if modules_file.is_file() else (folder,), name)
    return folder


def describe(folder: Path, name: str, query_prompt: str = "", passage_prompt: str = "") -> Model:
    """Read what a model folder says of itself; the prompts given go before the model's own.

    Raises:
        ArchiveError: it is not a model that can be used here.
    """
    modules = _modules(folder, name)
    _refuse_pickles(folder, modules, name)
    if not (folder / "tokenizer.json").is_file():
        raise ArchiveError(f"The model {name} has no tokenizer.json.")
    prompts = _Prompts.read(folder)
    query = query_prompt or prompts.first(_QUERY_PROMPTS)
    passage = passage_prompt or prompts.first(_PASSAGE_PROMPTS)
    limit = _max_tokens(folder, name)
    if (query or passage) and _pools_without_prompt(folder, modules):
        raise ArchiveError(f"The model {name} leaves its prompt out of the vector, which Morgue cannot do.")
    identity = [f"limit {limit}", f"query {query!r}", f"passage {passage!r}", *_identity(folder, modules)]
    fingerprint = sha256("\n".join(identity).encode("utf-8", "surrogatepass")).hexdigest()
    return Model(folder, name, fingerprint, _dimension(folder, modules, name), limit, query, passage)


def _named(name: str, owner: str = _HUB_OWNER) -> Path:
    if name.startswith(("/", ".", "~")):
        folder = expanded(Path(name)).absolute()
        if not folder.is_dir():
            raise ArchiveError(f"There is no model folder {folder}.")
        return folder
    if not _HUB_NAME.fullmatch(name):
        raise ArchiveError(f"{name!r} is neither a folder nor the name of a model.")
    return _from_hub(name if "/" in name else owner + name)


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    wanted = ["*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model"]
    fetch = Remedy(Action.FETCH_MODEL, name)
    try:
        return Path(snapshot_download(name, local_files_only=True, allow_patterns=wanted))
    except HFValidationError as error:
        raise ArchiveError(f"{name!r} is not the name of a model.") from error
    except LocalEntryNotFoundError as error:
        raise ArchiveError(f"The model {name} is not on this machine.", remedy=fetch) from error


def _json(path: Path) -> dict[str, Any]:
    try:
        settings = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        tell_apart(error, ArchiveError(f"{path} cannot be read: {error}"))
    if not isinstance(settings, dict):
        raise ArchiveError(f"{path} does not hold settings.")
    return settings


def _modules(folder: Path, name: str) -> tuple[Path, ...]:
    """Return the folders of the model's modules, in the order texts pass them; the first may be the model's own."""
    try:
        entries = json.loads((folder / "modules.json").read_text("utf-8"))
        inner = tuple(folder / str(module["path"]) for module in entries)
    except (OSError, ValueError, TypeError, KeyError) as error:
        what = f"{name} is not a sentence-transformers model: {folder}/modules.json: {error}"
        tell_apart(error, ArchiveError(what))
    if not all(path.resolve().is_relative_to(folder.resolve()) for path in inner):
        raise ArchiveError(f"The model {name} names modules outside its folder.")
    return inner


def _refuse_pickles(folder: Path, modules: tuple[Path, ...], name: str) -> None:
    if not list(folder.glob("*.safetensors")) and not any(list(path.glob("*.safetensors")) for path in modules):
        raise ArchiveError(f"The model {name} has no weights in the safetensors format; others are not read.")
    for path in {folder, *modules}:
        pickled = [file for kind in ("*.bin", "*.pt", "*.pth", "*.ckpt") for file in path.glob(kind)]
        if pickled and not list(path.glob("*.safetensors")):
            raise ArchiveError(f"{pickled[0]} can run code when it is read; the model {name} is not used.")


def _refuse_others(folder: Path, name: str, *, of_modules: bool) -> None:
    """Refuse what is no cross-encoder: it would be loaded all the same, with a head of random weights."""
    if of_modules:
        kind = _json(folder / "config_sentence_transformers.json").get("model_type", "SentenceTransformer")
        fits = kind == _CROSS_ENCODER
    else:
        named = _json(folder / "config.json").get("architectures")
        kind = str(named[0]) if isinstance(named, list) and named else "no architecture"
        fits = kind.endswith(_CLASSIFIER)
    if not fits:
        raise UsageError(f"The model {name} is not a cross-encoder: its settings name {kind}.")


@dataclass(frozen=True, slots=True)
class _Prompts:
    by_name: dict[str, str]
    default: str

    @classmethod
    def read(cls, folder: Path) -> _Prompts:
        config = _json(folder / "config_sentence_transformers.json")
        prompts = config.get("prompts")
        named = {str(key): str(value) for key, value in prompts.items()} if isinstance(prompts, dict) else {}
        return cls(named, named.get(str(config.get("default_prompt_name")), ""))

    def first(self, names: tuple[str, ...]) -> str:
        return next((prompt for name in names if (prompt := self.by_name.get(name))), self.default)


def _max_tokens(folder: Path, name: str) -> int:
    limits = [
        _json(folder / "sentence_bert_config.json").get("max_seq_length"),
        _json(folder / "tokenizer_config.json").get("model_max_length"),
        _json(folder / "config.json").get("max_position_embeddings"),
    ]
    plausible = [limit for limit in limits if isinstance(limit, int) and limit < 1_000_000]
    if not plausible:
        raise ArchiveError(f"The model {name} does not say how many tokens it takes.")
    return plausible[0] if limits[0] == plausible[0] else min(plausible)


def _dimension(folder: Path, modules: tuple[Path, ...], name: str) -> int:
    keys = ("out_features", "embedding_dimension", "word_embedding_dimension")
    for path in reversed([module for module in modules if module != folder]):
        config = _json(path / "config.json")
        for key in keys:
            if isinstance(dimension := config.get(key), int):
                return dimension
    if isinstance(dimension := _json(folder / "config.json").get("hidden_size"), int):
        return dimension
    raise ArchiveError(f"The model {name} does not say how long its vectors are.")


def _pools_without_prompt(folder: Path, modules: tuple[Path, ...]) -> bool:
    return any(_json(path / "config.json").get("include_prompt") is False for path in modules if path != folder)


def _identity(folder: Path, modules: tuple[Path, ...]) -> list[str]:
    """Name every file that shapes a vector, with its hash."""
    names = ("modules.json", "config.json", "sentence_bert_config.json", "tokenizer.json", "tokenizer_config.json")
    files = {folder / name for name in names} | set(folder.glob("*.safetensors"))
    for module in modules:
        files |= {module / "config.json"} | set(module.glob("*.safetensors"))
    present = sorted((path.relative_to(folder).as_posix(), path) for path in files if path.is_file())
    return [f"{name} {remembered_sha256(path)}" for name, path in present]
