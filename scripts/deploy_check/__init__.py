"""A dry run of the deployment: the built template goes to an AWS emulator that enforces IAM, and is tried out there.

`make deploy-check`, see docs/operations.md for what it proves and what it cannot.
"""
