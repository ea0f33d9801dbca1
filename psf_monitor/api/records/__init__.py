"""What the API tells of one thing: a position, an order, an execution, an account's worth, a connection."""
