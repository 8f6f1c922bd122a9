"""What is made of the list of actions: which of them can be done at a place, and the file of one's own keys."""
