"""The query language: from what a person types to what the engines are asked.

``parser`` reads a question into the values of ``ast``, with ``grammar`` for operators and ``dates`` for dates.
``compiler`` analyses it into terms, conditions and highlights (``LexicalPlan``). ``expansion``, ``spelling`` and
``vocabulary`` look up prefixes, fuzzy words and likely misspellings in the words of the archive.
"""
