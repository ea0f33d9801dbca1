"""The recording of the wires, and the timeline of a replay."""
