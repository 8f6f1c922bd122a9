"""Stems: of each language its own, and what a word of a question stands for in each language of an archive."""

from __future__ import annotations

import pytest

from index.analysis.analyzer import words
from index.analysis.pieces import BREAK
from index.analysis.stemming import bare, forms_asked, query_stems, stems
from index.analysis.stopwords import ENGLISH


def test_words_are_stemmed_in_their_language() -> None:
    assert {stems("en")[word] for word in ("sanction", "sanctions", "sanctioned")} == {"en:sanction"}
    assert stems("de")["sanktionen"] == stems("de")["sanktion"]
    assert stems("ru")["российский"] == stems("ru")["российская"]
    assert stems(None)["sanctions"] == stems("zh")["sanctions"] == stems("xx")["sanctions"] == "sanctions"


def test_no_stem_of_a_language_is_one_of_another() -> None:
    assert bare(stems("tr")["putin"] or "") == bare(stems("en")["put"] or "") == "put"
    assert stems("tr")["putin"] != stems("en")["put"]
    assert stems("en")["sanction"] != stems(None)["sanction"] == "sanction"


def test_norwegian_is_one_language_by_whatever_name() -> None:
    assert stems("nb")["skipene"] == stems("nn")["skipene"] == stems("no")["skipene"] != "skipene"
    assert len(query_stems("skipene", ("nb", "nn", "no"))) == 1


def test_stop_words_have_no_stem_in_english_only() -> None:
    assert stems("en")["the"] is None
    assert stems(None)["the"] == "the"
    assert bare(stems("de")["die"] or "") == "die"


def test_a_break_has_no_stem() -> None:
    assert stems("en")[BREAK] is stems(None)[BREAK] is None


@pytest.mark.parametrize("word", ["us", "may", "will", "ill", "well", "said", "new", "un", "eu"])
def test_words_of_content_are_no_stop_words(word: str) -> None:
    assert word not in ENGLISH


def test_every_stop_word_is_one_folded_word() -> None:
    assert all(words(word).folded == [word] for word in ENGLISH)


def test_an_arabic_word_is_asked_for_with_its_article_and_without() -> None:
    assert forms_asked("وزير", "ar") == ("وزير", "الوزير")
    assert forms_asked("الوزير", "ar") == ("الوزير", "وزير")
    assert stems("ar")["الوزير"] in {stems("ar")[form] for form in forms_asked("وزير", "ar")}
    assert forms_asked("minister", "en") == ("minister",)


def test_a_query_word_has_a_stem_in_each_language_of_the_archive() -> None:
    assert query_stems("sanctions", ("en",)) == ("en:sanction",)
    assert query_stems("sanctions", ("en", "und")) == ("en:sanction", "sanctions")
    assert query_stems("sanctions", ()) == query_stems("sanctions", ("und", "zh")) == ("sanctions",)
    assert set(query_stems("generations", ("en", "fr", "de"))) == {"en:generat", "fr:gener", "de:generation"}


def test_a_stop_word_of_a_query_has_no_stems() -> None:
    assert query_stems("the", ("en",)) == query_stems("the", ("en", "de")) == query_stems("the", ("fr",)) == ()
