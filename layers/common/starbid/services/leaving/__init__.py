"""Deleting an account: what stands in the way, asking and staying after all, carrying it out."""
