"""A person's e-mail: confirming an address, ending mail, what is reported of mail that was sent."""
