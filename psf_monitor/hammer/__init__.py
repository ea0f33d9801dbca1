"""HAMMER's side of the product: the only package that knows Hammer Pro's words, symbols and manners.

It asks for quotes and hands them on under the trader's symbols; it sends nothing that could trade.
"""
