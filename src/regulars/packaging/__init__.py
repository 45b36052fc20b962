"""What a warehouse that is elsewhere needs of this machine."""
