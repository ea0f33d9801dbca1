"""TWS's message codes and what each is about."""
