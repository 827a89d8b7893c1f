"""Notices by e-mail: how a mail is worded, drawn and built, and the signed links in it."""
