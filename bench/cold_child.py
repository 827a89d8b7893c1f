"""One cold start: imports a handler, feeds it one event, ends. Run by `bench.cold` in a bare Python of its own."""

import os
import sys

opened = [0]
if os.environ.get("COUNT_FILES"):
    sys.addaudithook(lambda event, _: opened.__setitem__(0, opened[0] + (event == "open")))


class Context:
    """The used part of a Lambda's context."""

    function_name = "bench"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id = "bench"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def main() -> None:
    import importlib
    import json

    module, _, name = sys.argv[1].rpartition(".")
    with open(sys.argv[2], encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be loaded for nothing
        event = json.load(file)
    answer = getattr(importlib.import_module(module), name)(event, Context())
    text = json.dumps({"answer": answer, "opened": opened[0]})
    sys.stdout.write(text)
    sys.stdout.flush()
    os._exit(0)  # a Lambda is frozen here, not shut down


main()
