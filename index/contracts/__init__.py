"""Types and protocols that the other packages share; nothing here evaluates a query.

``engines``: what a lexical index, a vector index and an encoder must do, and the arrays they exchange.
``candidate_engine``: the seam for a search engine that runs elsewhere. ``conditions``: terms, phrases and boolean
conditions. ``options``: modes, groups and confidence. ``recipe``: every number that shapes an index or a ranking.
``highlights`` and ``report``: values of answers and builds. ``arrays`` and ``idf``: helpers on arrays that several
engines share.
"""
