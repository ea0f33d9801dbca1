"""What the trader wants to be alerted to, and the rules of when."""
