"""Erasing for good: from the catalog, its free pages and its copies; what was erased is refused from then on."""
