"""Looking after an index: what there is, whether it is whole, and mending it.

``status``: counts, sizes and what is behind. ``verify`` and ``catalog_check``: proof that files, indexes and catalog
agree. ``repair``: what can be mended. ``gc``: removing what nothing uses. ``backup``: copies, checked.
"""
