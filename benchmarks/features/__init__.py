"""What the timeline and the features cost, beside one plain aggregate and beside other tools."""
