"""Hammer Pro's own account."""
