"""The recording of the wires and the time line of one that is played."""
