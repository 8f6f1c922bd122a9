"""The terminal: the ``morgue`` command (``cli``), the Textual UI (``app``) and what both print (``formats``)."""
