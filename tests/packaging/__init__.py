"""What is built of the product, and the Pythons that it is for."""
