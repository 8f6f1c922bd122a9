"""Writing to the terminal: only what differs from what stands there, in few bytes."""
