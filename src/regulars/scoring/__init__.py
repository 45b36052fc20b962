"""From a champion to scores."""
