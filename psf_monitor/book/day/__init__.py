"""What was earned today: quantities at the open, executions, and the shares that were closed."""
