"""Adding, updating and opening another archive inside the UI: what is typed, what is told of the child that writes."""
