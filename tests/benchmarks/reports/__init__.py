"""What was measured, as text, as a picture and beside an earlier revision."""
