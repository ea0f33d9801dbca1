"""What the API tells of one thing: an order, an execution, a connection."""
