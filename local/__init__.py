"""The local run: `python -m local` hosts the functions of `template.yaml` in one process, with all that feeds them.

`host` puts it together. `template` (on `cloudformation`) says what there is; `emulator` (with `emulator_process`)
brings DynamoDB and S3; `aws_front` is SQS (`queues`) and Scheduler (`schedules`, `expressions`); `clock` is the time
and `timeline` what happens when; `functions`, `http_api` and `sources` (`streams`, `filters`) call the handlers; `site`
and `page` are what it serves of its own; `telegram` is the stand-in, `telegram_polling` the way to the real one.
"""
