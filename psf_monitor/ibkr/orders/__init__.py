"""What TWS says of an order."""
