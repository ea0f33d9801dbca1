"""The listening side: sockets, limits, who is let in."""
