"""Payments, payouts and the reconciliation in the panel."""
