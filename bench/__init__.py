"""What the main paths cost on DynamoDB, counted against the emulator: `python -m bench`."""
