from __future__ import annotations

import re
from base64 import b64decode

from hypothesis import given
from hypothesis import strategies as st

from tui.copying.sequences import for_terminal, through_screen


@given(st.text(max_size=2000).filter(lambda text: text.isprintable()))
def test_a_terminal_gets_the_text_and_nothing_that_steers_it(text: str) -> None:
    sequence = re.fullmatch(r"\x1b]52;c;([A-Za-z0-9+/=]*)\x07", for_terminal(text))
    assert sequence is not None
    assert b64decode(sequence[1]).decode() == text


@given(st.text(max_size=2000).filter(lambda text: text.isprintable()))
def test_screen_hands_on_the_whole_sequence_in_strings_it_can_hold(text: str) -> None:
    wrapped = through_screen(for_terminal(text))
    strings = re.findall(r"\x1bP(.*?)\x1b\\", wrapped, re.DOTALL)
    assert "".join(f"\x1bP{string}\x1b\\" for string in strings) == wrapped
    assert "".join(strings) == for_terminal(text)
    assert all(len(string.encode()) <= 250 for string in strings)
