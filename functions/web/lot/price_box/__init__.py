"""The box with the price, the clock and what one can do."""
