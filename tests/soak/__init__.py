"""`make soak`: a market at random, whose AWS and Telegram fail at any call, and many people at the same moment.

storm.py      the faults between the use cases and AWS or Telegram
world.py      people, lots, streams and queues, and what has to hold; parts.py is what it is made of
acts.py       what people do; deal_acts.py what they do with deals
course.py     so many random steps, and what came of them
crowd.py      many at once, on an emulator whose transactions are isolated
"""
