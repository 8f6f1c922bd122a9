"""The nouns and what everything needs: articles, versions, passages and spans; errors; progress; the clock."""
