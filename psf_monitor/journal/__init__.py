"""The file in which the days are kept. It knows neither wire nor window, and alone knows SQLite.

What is in it may be shown, and what is shown is in it; one thread writes, another reads.
"""
