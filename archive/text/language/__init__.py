"""Which language a text is in. ``detection``: tells it. ``tables``: what it is told by, ready to be used."""
