"""Both servers, simulated: an invented market, a TWS and a HAMMER, for the demo and the tests.

It shares no codec with the packages that talk to the real servers, so it cannot share their mistakes.
"""
