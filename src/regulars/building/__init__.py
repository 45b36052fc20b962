"""A run of the project with errors that a person can read."""
