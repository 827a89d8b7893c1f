"""A language model for the local run: it speaks OpenAI's API, says that it is a stand-in, and misbehaves when told."""
