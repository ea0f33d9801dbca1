"""The journal: the file that keeps past days. The only package that knows SQLite.

Everything shown is written first, and everything written may be shown. One thread writes, another reads.
"""
