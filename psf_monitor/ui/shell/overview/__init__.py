"""Everything around the rows: cards, money, banners, totals, and why a table is empty."""
