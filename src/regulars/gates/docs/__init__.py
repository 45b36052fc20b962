"""Data Docs of a run, built from what its gates stored: no data is touched, nothing is fetched."""
