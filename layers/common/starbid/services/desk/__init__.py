"""The operator's side: what operators do, and what people write to them."""
