"""TWS's message codes and their meaning."""
