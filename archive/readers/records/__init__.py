"""Records: where they lie in a file of JSON, what their fields are called, and what becomes of the values."""
