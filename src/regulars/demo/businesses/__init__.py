"""What the made-up company may sell: each business is its catalogue and its seasons."""
