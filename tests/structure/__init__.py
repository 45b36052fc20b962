"""The house rules, proven on the manifest and the files."""
