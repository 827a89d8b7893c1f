"""Adapters to AWS: DynamoDB, S3, SQS, EventBridge Scheduler, SSM. They implement the ports of `starbid.services`."""
