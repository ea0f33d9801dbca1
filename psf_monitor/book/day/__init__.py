"""Day P&L: quantities at the open, executions, and shares that were closed today."""
