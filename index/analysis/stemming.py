"""Stems: the token of a word in the language of its article, which it shares with no word of another language.

"Putin" is cut to "put" in Turkish, as "put" is in English. So the stem of a language carries its name (``tr:put``,
``en:put``), and which articles of a language match does not depend on what else an archive holds. Languages without a
stemmer share the word as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from index.analysis.pieces import AFFIX, BREAK
from index.analysis.stopwords import ENGLISH
from index.analysis.ukrainian import UkrainianStemmer, ukrainian_fingerprint

_REMEMBERED: Final = 1 << 17  # words of a language, some tens of megabytes at most; chosen, not measured
_LANGUAGE: Final = ":"  # between the name of a language and a stem; no folded word holds one

_SNOWBALL: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "st": "sesotho", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_WRITTEN_ALIKE: Final = {"nb": "no", "nn": "no", "hr": "sr", "bs": "sr"}
"""Languages that are stemmed as another one and share its stems."""

_RESPELLED: Final = {
    "ar": (("ه$", "ة"),),
    "cs": (("ach$", "ách"), ("um$", "ům")),
    "fa": (("ي", "ی"), ("ك", "ک")),
}
"""Letters that folding wrote as one, where the stemmers of their languages know endings by them."""

_ARTICLE: Final = "ال"  # of Arabic
_NO_WORDS: Final = (AFFIX, BREAK)
_STOP: Final = {"en": ENGLISH}


class _Stems(dict[str, str | None]):
    """Stems of a language by folded word, made as they are asked for."""

    def __init__(self, code: str) -> None:
        self._stemmer = _stemmer(code)
        self._stop = _STOP.get(code, frozenset())
        self._respelled = _RESPELLED.get(code, ())
        self._prefix = code + _LANGUAGE

    def __missing__(self, folded: str) -> str | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[folded] = stem = self._made(folded)
        return stem

    def _made(self, folded: str) -> str | None:
        if folded.startswith(_NO_WORDS) or folded in self._stop:
            return None
        if self._stemmer is None:
            return folded
        if folded.isupper():  # an acronym, which is cut in no language
            return self._prefix + folded
        spelled = folded
        for pattern, letter in self._respelled:
            spelled = re.sub(pattern, letter, spelled)
        return self._prefix + (str(self._stemmer.stemWord(spelled)) or folded)


def stems(language: str | None) -> Mapping[str, str | None]:
    """Return the stem of each folded word in a language; None for a stop word of scoring and for a break.

    Where there is a stemmer for the language, its name stands before the stem; without one, the stem is the word.
    Sources: Snowball, through PyStemmer; of Ukrainian ``index.analysis.ukrainian``.
    """
    return _stems(_WRITTEN_ALIKE.get(language or "", language or ""))


@lru_cache(maxsize=256)
def _stems(code: str) -> _Stems:
    return _Stems(code)


def query_stems(folded: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the distinct stems of a query's word over the languages of the archive; none for a stop word.

    Articles whose language is unknown hold words unstemmed: for them, ``languages`` names ``und``.
    """
    if is_stop(folded, languages):
        return ()
    return tuple(dict.fromkeys(stem for code in languages or ("und",) if (stem := stems(code)[folded]) is not None))


def forms_asked(folded: str, language: str) -> tuple[str, ...]:
    """Return the forms of a question's word that its stemmer may cut otherwise than the forms of a text.

    Of Arabic, the word with its article and without: the first letter of وزير is read as "and", that of الوزير not.
    """
    if language != "ar":
        return (folded,)
    plain = folded.removeprefix(_ARTICLE)
    return (folded, plain if plain != folded and len(plain) > 1 else _ARTICLE + folded)


def is_stop(folded: str, languages: Sequence[str]) -> bool:
    """Tell whether a word is a stop word of a query: in every language that has a list, English when none has."""
    listed = [code for code in languages if code in _STOP] or ["en"]
    return all(folded in _STOP[code] for code in listed)


def bare(stem: str) -> str:
    """Return a stem as people are shown it, without the name of its language."""
    return stem.rpartition(_LANGUAGE)[2]


def language_of(stem: str) -> str:
    """Return the name of a stem's language; empty where it has none."""
    return stem.rpartition(_LANGUAGE)[0]


def stemming_fingerprint() -> str:
    """Identify everything that shapes a stem."""
    import Stemmer

    stop_lists = [repr(sorted(_STOP[code])) for code in sorted(_STOP)]
    tables = (repr(_SNOWBALL), repr(_WRITTEN_ALIKE), repr(_RESPELLED), ukrainian_fingerprint())
    return "\n".join((*stop_lists, *tables, _LANGUAGE, str(Stemmer.version())))


@lru_cache(maxsize=256)
def _stemmer(code: str) -> Any:  # noqa: ANN401 - PyStemmer is untyped
    import Stemmer

    if code == "uk":
        return UkrainianStemmer()
    name = _SNOWBALL.get(code)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
