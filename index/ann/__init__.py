"""Approximate nearest neighbours with Chroma; the package that asks it.

``chroma`` is the index, opened as a ``private_copy``. ``candidates`` proposes passages while it can be used, ``choice``
says when that is quicker. ``chroma_check`` checks one in a process of its own, by ``measuring``; ``measured`` is what
that found, ``trust`` which folders may be opened at all.

Another engine for vectors implements ``index.contracts.engines.VectorIndex`` in a module here, is opened by
``candidates`` and chosen by ``choice``.
"""
