"""What every feature of the window stands on."""
