"""The commands of ``morgue``, one module each; a module is imported when its command is used."""
