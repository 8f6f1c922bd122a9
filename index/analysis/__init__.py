"""Text analysis: tokens, folding, stemming, stop words, for documents and queries alike.

``analyzer`` is the tokenizer and stemmer, and has the fingerprint that an index records. ``folding``: one written form
of a word. ``transliteration``: one form for the spellings of a name. ``proximity``: near phrases (slop).
``visible_words``: the words of a text outside its hidden spans.
"""
