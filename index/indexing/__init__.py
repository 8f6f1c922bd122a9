"""Building an index: from the catalog to a new generation, reusing what has not changed.

``build`` is the public function, ``builder`` the steps of one build. ``catalog_pass`` reads every article once into
columns and word index; ``lexical_documents`` says which words. ``embed_missing`` encodes, ``vector_slots`` finds
vectors again, ``reuse`` takes over an older generation, ``calibrate`` sets the confidence scale, ``validate`` proves
the result. ``estimate``: what a build would do. ``purge``: erasing articles from every index.
"""
