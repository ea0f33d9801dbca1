"""What of the main window an alert moves."""
