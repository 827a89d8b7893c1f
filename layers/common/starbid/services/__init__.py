"""Use cases. Each is one function or one small class over ports; adapters live in storage, telegram and billing."""
