"""What test_adapters.py runs with the Lambda's Python: every adapter, of the built layer and nothing else."""
