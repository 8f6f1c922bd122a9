"""What a person keeps of an archive: clips with notes, stars, saved questions, judgements.

It lies in the catalog, goes with its copies, and is written in short transactions beside whatever else is written. Of
an archive that may only be read it lies in the user's folder.
"""
