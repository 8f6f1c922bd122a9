"""Text analysis: tokens, folding, stemming, stop words, for documents and queries alike.

``analyzer`` reads texts and has the fingerprint that an index records. ``pieces``: what stands between spaces as words,
with ``numbers`` and ``acronyms``. ``folding``: one written form of a word. ``stemming``: its token in the language of
its article, with ``stopwords`` and ``ukrainian``. ``transliteration``: one form for the spellings of a name.
``proximity``: near phrases (slop). ``visible_words``: the words of a text outside its hidden spans.
"""
