"""Ranking: candidates by words and by meaning, BM25 and cosine, fusion, filters, confidence. Ordinals only.

``retrieve`` is the way from a question to a ranking. ``local_candidates`` and ``engine_candidates`` find candidates
here and in an engine elsewhere; ``scoring`` scores them with the formulas of ``fusion``. ``filters``: conditions on
articles, titles and dates. ``grouping``: copies and articles folded into rows. ``confidence``: whether anything answers
at all. ``score_breakdown``: the sums that ``--explain`` prints. A group of another kind (stories) is keyed in
``grouping``, by a column of ``index.generations.columns``.
"""
