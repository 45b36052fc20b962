"""Loads files into the raw tables that staging reads: every row, or nothing and one clear line."""
