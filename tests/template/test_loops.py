"""Lambda drops a message that a function sends to itself for about the sixteenth time, unless told not to."""

from tests.template.conftest import Document


def _list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _loops(template: Document, function: str) -> bool:
    """Whether the function may send messages to a queue that feeds it."""
    read = template.named_in(list(template.functions[function]["Events"].values()), "SQS::Queue")
    sending = [s["Resource"] for s in template.statements(function) if "sqs:SendMessage" in _list(s["Action"])]
    return bool(read & template.named_in(sending, "SQS::Queue"))


def test_only_functions_that_wake_themselves_are_allowed_to(template: Document) -> None:
    loops = {function for function in template.functions if _loops(template, function)}
    allowed = {name for name, properties in template.functions.items() if properties.get("RecursiveLoop") == "Allow"}
    waking = {"AuctionCloserFunction", "SenderFunction", "LogKeeperFunction", "ClerkFunction", "AssistantFunction"}
    assert loops == allowed == waking
