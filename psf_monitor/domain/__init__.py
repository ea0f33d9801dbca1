"""The trader's terms: accounts, positions, orders, quotes and the arithmetic over them.

Records are frozen and know no clock, no wire and no window. Unknown is ``None``, never zero.
"""
