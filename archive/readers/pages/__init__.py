"""What the reader of HTML asks of a page: what it states about itself, and which of its text is the article."""
