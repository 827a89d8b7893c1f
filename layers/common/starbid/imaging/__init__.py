"""Pictures that people send: looked at, decoded, and kept as nothing but their pixels."""
