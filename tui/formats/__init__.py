"""What the command prints: JSON, text, Markdown and CSV, made from values and nothing else."""
