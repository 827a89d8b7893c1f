"""`make soak`: a random market whose AWS and Telegram fail at any call, and many people at the same moment.

storm.py      the faults between the use cases and AWS or Telegram
world.py      people, lots, streams and queues, and what must hold; parts.py has its parts
acts.py       what people do; deal_acts.py what they do with deals, bill_acts.py and
              payout_acts.py with money that comes in and goes out
course.py     many random steps, and their results
rushes.py     the last seconds of lots, with many functions beside each other in virtual time: rush.py is one,
              rush_functions.py how they live and die, rush_store.py what they meet at, rush_checks.py what must hold
crowd.py      many at once, on an emulator whose transactions are isolated
"""
