"""Words that carry no topic; left out of scoring, kept for phrases and for questions made of nothing else.

English only, some 150 function words in their folded form (``don't`` folds to ``dont``). BM25's idf deals with the
frequent words of other languages, and a second list would make "the" a rare word of that language. Not here, because
they fold to words of content: ``us`` (U.S.), ``may`` and ``will`` (a month, a name), ``ill``, ``well``, ``wed``,
``shell`` (I'll, we'll, we'd, she'll).
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being below between both
    but by can cannot could did do does doing down during each few for from further had has have having he her here hers
    herself him himself his how i if in into is it its itself just me more most my myself no nor not now of off on once
    only or other our ours ourselves out over own same she should so some such than that the their theirs them
    themselves then there these they this those through to too under until up very was we were what when where which
    while who whom why with would you your yours yourself yourselves d ll m re s t ve arent cant couldnt didnt doesnt
    dont hasnt havent isnt shouldnt thats theyre wasnt werent wont wouldnt youre
    """.split()  # noqa: SIM905 - a list of 150 quoted words is worse to read
)
