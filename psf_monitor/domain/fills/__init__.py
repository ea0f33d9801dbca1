"""What was traded: executions, trade dates, sums, gains, and what the journal keeps."""
