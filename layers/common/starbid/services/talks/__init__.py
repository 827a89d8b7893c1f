"""What the two sides of a deal write to each other: writing, telling, and what operators may read."""
