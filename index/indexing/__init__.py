"""Building an index: from the catalog to a new generation, reusing what has not changed.

``facts`` gathers what is, ``plan`` decides from it what to do, ``builder`` does it; ``build`` is the public function.
``growing`` indexes by words what was read so far, while reading goes on. ``catalog_pass`` reads every article once into
columns and word index; ``lexical_documents`` says which words. ``vectors/`` makes the vectors, ``finishing/`` proves
what was made and publishes it. ``estimate``: what a build would do. ``purge``: erasing articles from every index.
"""
