"""What is hidden of a text: comment forms, "see also" lines and other residue of scraping.

Cleaning finds spans and deletes nothing. To hide another kind of line, add a rule to ``boilerplate_rules`` and raise
the version of the rules.
"""
