"""Measuring retrieval: nDCG, recall and reciprocal rank over judged questions.

``measures`` reads judged collections and compares modes with a paired randomisation test. ``judgements`` keeps which
articles of one's own archive answer which question.
"""
