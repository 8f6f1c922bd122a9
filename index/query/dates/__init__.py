"""Dates in a question: spans as a person types them, and days as people write them in several languages."""
