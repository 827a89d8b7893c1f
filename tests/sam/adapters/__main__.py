"""Runs all scenes in the place named by the environment, and prints the last line only if nothing is missing.

Arguments: the folders from which packages may come.
"""

import sys
from pathlib import Path

from starbid.acceleration.models import MODELS
from starbid.storage.clients import any_client

from . import chat, desk, groups, helper, places, providers, reach, trade
from .day import Day
from .watch import Watch, strangers

assert MODELS.is_dir(), "this is no built layer"
watch = Watch()
day = Day()
for part in (trade, places, chat, groups, reach, providers, desk, helper):
    for scene in part.SCENES:
        scene(day)
assert not watch.missing(), f"of the adapters nobody called {watch.missing()}"
gone = [service for service in ("dynamodb", "s3", "scheduler", "sqs", "ssm") if not any_client(service).is_trimmed]
assert not gone, f"the trimmed models lack something of {gone}"
alien = strangers([Path(each) for each in sys.argv[1:]])
assert not alien, f"neither the layer's nor the runtime's: {alien}"
print("every adapter ran")
