"""The trader's terms: accounts, positions, orders, quotes, and the arithmetic over them.

Records are frozen and know neither a clock, a connection nor the window. Unknown is ``None``, never zero.
"""
