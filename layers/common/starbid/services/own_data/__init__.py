"""What is kept about one person: exported for them, and erased when they leave. `registry` names all of it."""
