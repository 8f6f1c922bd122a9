"""The vectors of a generation.

``embed_missing`` encodes what has none yet, ``covering`` while the generation answers already, newest articles first;
``chroma_step`` has Chroma's index made of them.
"""
