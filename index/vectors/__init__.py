"""Unit vectors on disk, and exact nearest neighbours among them.

``store`` keeps them in immutable ``segment`` files, found by the hash of what was encoded (``key_lookup``);
``epochs``: one set of vectors after another; ``compaction`` merges small segments. ``exact`` scores all of them,
``int8`` by signed bytes first, ``product_quantizer`` by half bytes before that. Engines that find the nearest
approximately are in ``index.ann``.
"""
