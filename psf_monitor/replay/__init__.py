"""A recording of the wires played again: its servers on loopback ports, at the recording's own time."""
