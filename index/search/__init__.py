"""From a question to an ``Answer``: the layer that reads texts and makes hits with highlights.

``searcher`` is the public ``Searcher``. ``questions`` analyses and encodes a query, ``deepening`` ranks until enough
rows answer, ``hits`` makes ``answer.Hit`` of ordinals. ``highlighter``: matches in a text. ``nearest_sentence``: the
sentence nearest in meaning. ``reasons``: why a hit is there. ``rerank``: cross-encoders. ``more_like_this``:
``like:ID``. ``facets``: what matches, counted. ``answering``: ranked, in order, judged and quoted.
"""
