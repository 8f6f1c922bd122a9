"""What narrows a question, and when what matches was published: the chips, the values to choose from, the timeline."""
