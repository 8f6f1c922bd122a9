"""What the command prints: JSON (its keys are in ``json`` and in ``tui/schemas``), text, Markdown, CSV, reports.

Made from values and nothing else.
"""
