"""Words that carry no topic; left out of scoring, kept for phrases.

English only: about 130 function words. ``us`` is not among them, because U.S. folds to it; neither are ``may`` and
``will``, which are a month and a name.
"""

from __future__ import annotations

from typing import Final

_ENGLISH: Final = """
a about above after again against all also am an and any are as at be because been before being below between both but
by can cannot could did do does doing down during each few for from further had has have having he her here hers
herself him himself his how i if in into is it its itself just me more most my myself no nor not now of off on once
only or other our ours ourselves out over own same she should so some such than that the their theirs them themselves
then there these they this those through to too under until up very was we were what when where which while who whom
why with would you your yours yourself yourselves t s d ll re ve m
"""
ENGLISH: Final = frozenset(_ENGLISH.split())
