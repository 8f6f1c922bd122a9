"""Approximate nearest neighbours with Chroma; the only package that imports it, exchangeable as one folder.

``chroma`` is the index, built and opened as ``private_copy``. ``candidates`` proposes passages while it can be used,
``choice`` says when that is quicker. ``chroma_build`` and ``chroma_check`` make and check it in processes of their own;
``measured`` is what the check found, ``trust`` which folders may be opened at all.
"""
