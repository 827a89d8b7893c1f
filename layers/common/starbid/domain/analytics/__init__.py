"""What the dashboard's figures are and how they come from the event log. Pure."""
