"""What orders say beside quantity, price and time."""
