"""The stand-ins of the local run that need nothing but its clock and its state, by where they are mounted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from local.configuration import LOCAL_SECRETS, Configuration, push_keys
from local.site import MODEL, PAY, PUSH
from local.state import State

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def mounts(
    configuration: Configuration, state: State, now: Callable[[], datetime], *, own_url: str, site_url: str
) -> dict[str, WSGIApplication]:
    """Those that the configuration wants. `own_url` is where the run answers, `site_url` what people are led to."""
    made: dict[str, WSGIApplication] = {}
    if configuration.plays_providers:
        from local.pay.app import LocalProvider

        callbacks = f"{own_url}/payments/callback/"
        made[PAY] = LocalProvider(state, now, LOCAL_SECRETS, site_url=site_url, callbacks=callbacks).wsgi
    if configuration.plays_model:
        from local.openai.app import LocalModel

        made[MODEL] = LocalModel(site_url=site_url).wsgi
    if configuration.plays_push:
        from local.push.app import LocalPush

        made[PUSH] = LocalPush(push_keys(state)[1], now, site_url=own_url).wsgi
    return made
