"""Supervised connections to servers."""
