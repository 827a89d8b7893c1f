"""One client per service and process, with time-outs fit for a Lambda. botocore alone: boto3's layer is not needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session, get_session

from starbid import observability

MODELS = Path(__file__).resolve().parents[2] / "aws_models"
"""What the built layer carries in place of botocore's own models (scripts/trim_models.py); elsewhere there is none."""

CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 3},
    parameter_validation=False,
    s3={"addressing_style": "path"},
    user_agent="Starbid",  # botocore would put together a long one for every call
    disable_request_compression=True,
)
"""botocore retries throttles and time-outs with the same ClientRequestToken, which is safe; conflicts are ours."""
_SIGNED_LINKS = Config(signature_version="s3v4")
"""By itself botocore signs links in a way of before 2014, which new buckets refuse in most regions."""
_AT_START = Config(retries={"mode": "standard", "total_max_attempts": 5})
"""Parameter Store answers 40 calls a second of an account, unless told otherwise. Where more processes begin at once,
some wait here rather than fail: 15 s at most, of the 25 that a function has."""
_AFTER_FIRST_TRY = Config(retries={"mode": "standard", "total_max_attempts": 2})
BOTOCORE_CHANGED = (AttributeError, ImportError, LookupError, NotImplementedError, TypeError)
"""How it shows that botocore is not the one that the short way was written for. In Lambda it is the runtime's own, and
AWS puts a new one there when it likes."""


@cache
def session() -> Session:
    session = get_session()
    if MODELS.is_dir():
        models = Loader(extra_search_paths=[str(MODELS)], include_default_search_paths=False)
        session.register_component("data_loader", models)
    return session


@cache
def client(service: str) -> Any:
    """The process's client of `dynamodb`, `s3`, `sqs`, `scheduler` or `ssm`; thread-safe."""
    if service == "s3":
        return session().create_client(service, config=CONFIG.merge(_SIGNED_LINKS))
    if service == "ssm":
        return session().create_client(service, config=CONFIG.merge(_AT_START))
    if service != "dynamodb":
        return session().create_client(service, config=CONFIG)
    try:
        from starbid.storage.first_try import try_first

        made = session().create_client(service, config=CONFIG.merge(_AFTER_FIRST_TRY))
        try_first(made, session())
    except BOTOCORE_CHANGED:
        tell_change()
        return session().create_client(service, config=CONFIG)
    return made


def tell_change() -> None:
    """To be called where one of BOTOCORE_CHANGED was caught: all works, but slower, and somebody should know."""
    observability.logger("starbid").exception("this botocore is unknown; its own way is taken for all calls")


def forget_clients() -> None:
    """For tests that move to another endpoint."""
    client.cache_clear()
    session.cache_clear()
