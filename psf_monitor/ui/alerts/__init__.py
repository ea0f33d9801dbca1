"""The alerts: the list, the form, and how they are shown."""
