"""Customer scores inside your own warehouse."""
