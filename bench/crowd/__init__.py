"""Crowds on one lot: the real use cases over a store that hurts like DynamoDB, in virtual time."""
