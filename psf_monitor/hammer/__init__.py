"""The connection to HAMMER: the only package that knows Hammer Pro's messages and symbols.

It requests quotes and reports them under the trader's symbols; it sends nothing that could trade.
"""
