"""How the main window reacts to alerts."""
