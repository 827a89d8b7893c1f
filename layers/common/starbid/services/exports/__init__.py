"""Files for operators: what goes into them, and how they are made in steps."""
