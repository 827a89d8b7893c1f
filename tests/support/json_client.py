"""werkzeug's test client, for servers that answer in JSON, typed as the parsed JSON."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client, TestResponse


class Answer(TestResponse):
    @property
    def json(self) -> Any:
        """The body where its type is JSON, else None."""
        return self.get_json()


class AnyAnswer(Answer):
    @property
    def json(self) -> Any:
        """The body, of any content type: AWS's services have their own types."""
        return self.get_json(force=True)


class JsonClient(Client):
    """Answers as `answer` says."""

    def __init__(self, application: Any, answer: type[Answer] = Answer) -> None:
        super().__init__(application, answer)

    def open(self, *asked: Any, **more: Any) -> Answer:
        answer = super().open(*asked, **more)
        assert isinstance(answer, Answer)
        return answer

    def get(self, *asked: Any, **more: Any) -> Answer:
        return self.open(*asked, **more, method="GET")

    def post(self, *asked: Any, **more: Any) -> Answer:
        return self.open(*asked, **more, method="POST")
