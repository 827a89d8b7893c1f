"""The cards of the dashboard: each a figure, how it differs from the time before, a chart and the chart's table."""

from web.admin.board.all import Group, groups

__all__ = ["Group", "groups"]
