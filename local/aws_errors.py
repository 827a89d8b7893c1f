"""Errors of our own endpoints for AWS."""

from __future__ import annotations


class AwsError(Exception):
    """An error as AWS answers it: its code is what boto3's exceptions are named after."""

    def __init__(self, code: str, message: str, status: int = 400, query_code: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.query_code = query_code
