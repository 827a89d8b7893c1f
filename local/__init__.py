"""The local run: `python -m local` hosts the functions of `template.yaml` in one process, with everything around them.

`host` puts it together. `template` (on `cloudformation`) says what exists; `data_dir` is where all of it is stored
(`state` in a `database`, `files`); `emulator` brings DynamoDB and S3 in a process of their own (`emulator_process`),
which stores everything (`emulator_keeper`, `_memory`, `_store`); `loopback` and `emulator_guard` keep web pages off;
`aws_front` is SQS (`queues`) and Scheduler (`schedules`, `expressions`); `clock` is the time
and `timeline` what happens when; `functions`, `http_api` and `sources` (`streams`, `filters`) call the handlers; `site`
and `page` are what it serves of its own; `telegram` is the stand-in, `telegram_polling` the way to the real one; `pay`
is a provider of bills, `mail` where mails arrive.
"""
