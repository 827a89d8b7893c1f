"""A push service for the local run (RFC 8030): it takes messages, checks who sends them, and reads none of them."""
