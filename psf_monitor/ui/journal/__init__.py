"""Past days, exports and realized gains."""
