"""All that is known of one share."""
