"""From features and labels to a registered model."""
