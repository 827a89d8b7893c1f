"""Lots in the panel: lists, pages, acts; what people report; deals and disputes."""
