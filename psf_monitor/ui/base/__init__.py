"""What all features of the window share."""
