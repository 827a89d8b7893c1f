"""Use cases of the operator's side: each takes a Decision, and its audit entry is in its transaction."""
