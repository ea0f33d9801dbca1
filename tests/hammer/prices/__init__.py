"""HAMMER's prices and trades."""
