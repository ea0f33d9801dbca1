"""What happens to orders, as far as the account books know."""
