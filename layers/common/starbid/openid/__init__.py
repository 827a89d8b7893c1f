"""OpenID Connect: the issuer behind the port OpenIdIssuer, its keys, and the signatures of what it says."""
