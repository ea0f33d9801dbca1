"""A recording of the wires played again: its far sides on loopback ports, at the recording's own time."""
