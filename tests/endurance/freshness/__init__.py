"""Stories of prices that stall, come late and come back."""
