"""Lines that begin like residue: those that report stay, calls and forms are hidden."""

from __future__ import annotations

import pytest

from tests.archive.cleaning.residue_lines import HALVES, is_hidden, judged


def test_no_line_of_reporting_that_was_looked_at_is_hidden() -> None:
    seen = judged(HALVES[0])
    assert len(seen.reporting) >= 150
    assert len(seen.residue) >= 150
    assert seen.hidden == ()
    assert seen.shown == ("Trending now",)  # such words are hidden in company only


def test_lines_that_nobody_looked_at_are_judged_nearly_as_well() -> None:
    held = judged(HALVES[1])
    assert (len(held.reporting), len(held.residue)) == (169, 196)
    assert (len(held.hidden), len(held.shown)) == (6, 7)
    assert not set(held.reporting) & set(judged(HALVES[0]).reporting)


@pytest.mark.parametrize(
    ("residue", "reporting"),
    [
        ("Like us on Facebook", "Like us, they live on Facebook."),
        ("Follow Mia Holt on Twitter", "Follow the boats on Twitter and you see them turn."),
        ("No comments on Ferry stays in port", "No comments on the treaty were made."),
        ("Copyright 2019 Gant Media", "Copyright 2019 was the last year of the old law."),
        ("Already a member? Log in", "Already a member of the guild, she went to sea."),
        ("Views expressed are those of the author.", "Views expressed at the well surprised the count."),
        ("Something went wrong. Please try again", "Something went wrong below deck, the cook recalled."),
        ("Support independent journalism.", "Support independent bakers, she said, or eat stone."),
        ("Powered by WordPress", "Powered by Danish Wind, Gant Sells Its Coal"),
        ("Next story: the lighthouse", "Next story of the tower will be of glass."),
        ("Posted in Islands, News", "Posted in Gant, the guard slept."),
        ("This site uses Akismet to reduce spam.", "This site uses Akismet, he read aloud."),
        ("Loading...", "Loading took nine hours."),
    ],
)
def test_the_shape_of_a_call_tells_it_from_a_sentence(residue: str, reporting: str) -> None:
    assert is_hidden(residue)
    assert not is_hidden(reporting)
