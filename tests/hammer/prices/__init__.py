"""What HAMMER tells of prices and trades, put together."""
