"""What is asked of the catalog and written to it: a module for each table, and nothing decided in it."""
