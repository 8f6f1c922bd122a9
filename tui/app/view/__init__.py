"""What is drawn, as pure functions: an article's page, wrapped lines, styled spans, labels. No widget, no thread."""
