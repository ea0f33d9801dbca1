"""Disks that are full, read-only or slow, and writes that are cut off."""
