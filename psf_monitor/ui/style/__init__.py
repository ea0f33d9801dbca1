"""Colours, type, shapes and labels."""
