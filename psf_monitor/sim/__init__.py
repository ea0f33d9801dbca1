"""Both servers, simulated: an invented market, a TWS and a HAMMER, for the demo and the tests.

It shares no codec with the rooms that talk to the real ones, so it cannot agree with their mistakes.
"""
