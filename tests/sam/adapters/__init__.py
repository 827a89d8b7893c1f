"""Run by test_adapters.py with Lambda's Python: every adapter of the built layer, and nothing else."""
