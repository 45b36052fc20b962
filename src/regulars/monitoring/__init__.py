"""How right the scores were, once it is known."""
