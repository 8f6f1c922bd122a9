"""The screens: searching, reading an article, help."""
