"""Building an index: from the catalog to a new generation, reusing what has not changed.

``facts`` gathers what is, ``plan`` decides from it what to do, ``builder`` does it; ``build`` is the public function.
``catalog_pass`` reads every article once into columns and word index; ``lexical_documents`` says which words.
``embed_missing`` encodes what has no vector, ``chroma_step`` has Chroma's index made, ``calibrate`` sets the confidence
scale, ``validate`` proves the result, ``seal`` publishes it. ``estimate``: what a build would do. ``purge``: erasing
articles from every index.
"""
