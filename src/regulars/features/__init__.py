"""Features: what is said about them. What they are stands in SQL, models/features."""
