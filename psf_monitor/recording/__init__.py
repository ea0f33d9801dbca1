"""The flight recorder: the traffic of both connections, recorded byte for byte and read again."""
