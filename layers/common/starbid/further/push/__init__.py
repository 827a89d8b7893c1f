"""Web push: notices for browsers (RFC 8030, 8188, 8291, 8292). Needs `cryptography`, which the sender's layer has."""
