"""Morgue."""
