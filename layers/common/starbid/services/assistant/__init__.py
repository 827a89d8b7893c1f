"""The AI helper (spec, section 8): asking, answering, what it costs, what a model is told."""
