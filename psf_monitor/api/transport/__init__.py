"""The transport: sockets, limits and access control."""
