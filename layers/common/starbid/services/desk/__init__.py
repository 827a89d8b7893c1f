"""What operators do, by area. Every act takes a `Decision` and leaves its entry in the same transaction."""
