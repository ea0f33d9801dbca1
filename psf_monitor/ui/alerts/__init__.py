"""The alerts: the list, the form, and how one is shown."""
