"""The name under which this function logs and counts."""

SERVICE = "payments"
