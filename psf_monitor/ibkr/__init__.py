"""The connection to TWS: the only package that imports ib_insync.

It returns domain records; no ib_insync object, sentinel or request id leaves it.
"""
