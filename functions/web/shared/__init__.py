"""What more than one feature shows: rendering, the page around it, cards, names."""
