"""The AI helper: what a person may ask, what it costs, what becomes of a question (spec, section 8)."""
