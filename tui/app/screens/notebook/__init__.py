"""Lists of what is kept and asked, over the screen they were asked for from."""
