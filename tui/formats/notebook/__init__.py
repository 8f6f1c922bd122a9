"""What a person keeps of an archive, printed: clips and saved questions."""
