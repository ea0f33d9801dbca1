"""Stories of what two brokers hold, told well and badly, against every output of the product."""
