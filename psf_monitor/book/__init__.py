"""Positions, orders and quotes of both sources, joined. Independent of connections and of the window."""
