"""The screens: searching, reading an article, what is kept, help."""
