"""Plain text exports of news databases: several articles in one file, each below a block of fields.

Each module knows one database by the marks that its exports carry and hands out their articles as ``Piece``s. Together
the pieces are the whole text, so that nothing of a file is lost: what belongs to no article is hidden in the nearest.
"""
