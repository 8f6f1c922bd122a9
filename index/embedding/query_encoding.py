"""The query's way to its vector: the encoder loaded once, vectors of recent queries kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from archive.core.errors import Action, ArchiveError, Remedy
from archive.core.forking import Lock, process
from archive.folder.settings import Settings
from index.contracts.engines import Encoder, Floats

_QUESTIONS: Final = 256  # recent ones whose vectors are kept: 400 KB of 384 floats; chosen, not measured
_SENTENCES: Final = 2_048  # likewise, 3 MB: while a question is typed, the same passages come first again and again


class _Recent:
    """The vectors of the texts that were asked for last, so many of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._vectors: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> Floats | None:
        with self._lock:
            vector = self._vectors.get(text)
            if vector is not None:
                self._vectors.move_to_end(text)
            return vector

    def put(self, text: str, vector: Floats) -> None:
        with self._lock:
            self._vectors[text] = vector
            if len(self._vectors) > self._most:
                self._vectors.popitem(last=False)


class QueryEncoding:
    """Encodes questions with the model of the archive's settings.

    Args:
        settings: of the archive; they name the model.
        on_message: told when something slow happens once.
        encoder: to be used in place of that model; it is given each question behind ``settings.prompt_query``.
    """

    def __init__(
        self,
        settings: Settings,
        on_message: Callable[[str], None] | None = None,
        encoder: Encoder | None = None,
    ) -> None:
        self._settings = settings
        self._on_message = on_message
        self._encoder = encoder
        self._is_given = encoder is not None
        self._process = process()
        self._prompt = settings.prompt_query
        self._questions, self._sentences = _Recent(_QUESTIONS), _Recent(_SENTENCES)
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Tell whether the encoder is loaded."""
        return self._encoder is not None

    def load(self, fingerprint: str) -> Encoder:
        """Return the encoder, loading it at first use.

        Args:
            fingerprint: of the model that made the generation's vectors.

        Raises:
            ArchiveError: the model cannot be used, or is not the one that made the vectors.
        """
        with self._lock:
            if self._encoder is None or self._is_forked:
                self._encoder, self._process = self._made(), process()
        if self._encoder.fingerprint != fingerprint:
            what = "The index was made with another model than the settings name."
            raise ArchiveError(what, remedy=Remedy(Action.REBUILD))
        return self._encoder

    @property
    def loaded(self) -> Encoder:
        """Return the encoder that ``load`` or ``vector`` has loaded; in a forked process one of its own."""
        with self._lock:
            if self._is_forked:
                self._encoder, self._process = self._made(), process()
        assert self._encoder is not None
        return self._encoder

    @property
    def _is_forked(self) -> bool:
        """Tell whether the encoder is that of a process that this one was forked from, with locks of its threads."""
        return self._process != process() and not self._is_given

    def _made(self) -> Encoder:
        from index.embedding import query_encoder
        from index.embedding.model import locate

        model = locate(self._settings)
        self._prompt = model.query_prompt
        return query_encoder(model, self._on_message)

    def vector(self, text: str, fingerprint: str) -> Floats:
        """Return the unit vector of a question, shape ``(dimension,)``.

        Raises:
            ArchiveError: as ``load`` does.
        """
        encoder = self.load(fingerprint)
        if (cached := self._questions.get(text)) is not None:
            return cached
        vector: Floats = encoder.encode([self._prompt + text])[0]
        self._questions.put(text, vector)
        return vector

    def sentences(self, texts: Sequence[str]) -> Floats:
        """Return the unit vectors of sentences, shape ``(len(texts), dimension)``, by the encoder that was loaded."""
        known: dict[str, Floats] = {text: vector for text in texts if (vector := self._sentences.get(text)) is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            for text, vector in zip(missing, self.loaded.encode(missing), strict=True):
                known[text] = np.array(vector)  # of its own, or it would keep those of all
                self._sentences.put(text, known[text])
        return np.stack([known[text] for text in texts])
