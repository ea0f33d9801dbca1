"""What the trader wants to be told of, and the rules of when."""
