"""What HAMMER sends about the market beyond quotes and prints."""
