"""Sources into articles: what is new, changed, moved or gone, and how a draft becomes a version with passages.

``scan`` runs over a source, ``walk`` lists its files, ``file_records`` takes one file, ``upsert`` one draft. Nothing
here knows a file format (``archive.readers``) or a statement of SQL (``archive.catalog``).
"""
