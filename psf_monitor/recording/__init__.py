"""The flight recorder: what came and went over both wires, kept byte for byte, and read again."""
