"""A small made-up world: people who live, browse, buy and lapse, as raw shop and crm tables."""
