"""Writing what is listed to files."""
