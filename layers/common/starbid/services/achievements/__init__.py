"""Achievements: counted from the event log, told once, shown to the person alone."""
