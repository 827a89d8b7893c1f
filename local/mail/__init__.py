"""Where the mails of a local run arrive: they can be read, and reported as SES would report them."""
