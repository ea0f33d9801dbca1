"""What HAMMER tells of the market beyond quotes and prints."""
