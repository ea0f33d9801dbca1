"""What HAMMER sends about the market besides quotes: prints and depth."""
