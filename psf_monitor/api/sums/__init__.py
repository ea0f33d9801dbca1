"""What the positions add up to, over the local API and in the snapshot."""
