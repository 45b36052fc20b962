"""The raw tables of the five sources, each in a shape and with names of its own."""
