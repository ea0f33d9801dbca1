"""Random stories of what two brokers hold, reported in any order, against every output of the product."""
