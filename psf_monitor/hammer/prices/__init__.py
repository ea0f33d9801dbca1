"""HAMMER's prices: asked for, put together, and judged by what they are worth."""
