"""A recording that can be handed over: nothing in it tells whose it is."""
