"""What HAMMER sends of prices and trades, put together."""
