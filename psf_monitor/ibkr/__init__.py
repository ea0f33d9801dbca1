"""Everything that speaks the TWS API, and the only package that imports ib_insync.

It hands out domain records; no ib_insync object, sentinel or request id leaves it.
"""
