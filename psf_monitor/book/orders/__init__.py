"""What becomes of orders, as far as the account books can tell."""
