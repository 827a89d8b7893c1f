"""A lot from its first day to its end: putting up, looking, bidding, closing."""
