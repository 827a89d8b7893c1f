"""The figures of the dashboard: read, kept, made again from the log."""
