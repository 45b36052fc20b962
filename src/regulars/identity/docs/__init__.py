"""A page that says how records became customers: counts and weights, and nobody's details."""
