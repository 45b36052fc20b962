"""What was published, and where."""
