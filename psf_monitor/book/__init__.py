"""Where the two sources meet: knows neither wire nor window."""
