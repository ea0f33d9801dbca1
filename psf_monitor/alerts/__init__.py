"""Alerts: watched over the book, kept over restarts, each crossing reported once."""
