"""What an open program holds for both the UI and servers: lent searchers and numbered requests."""
