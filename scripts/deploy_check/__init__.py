"""A dry run of the deployment: the built template is deployed to an AWS emulator that enforces IAM, and tested there.

`make deploy-check`. docs/operations.md says what it proves and what it cannot.
"""
