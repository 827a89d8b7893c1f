"""Many people at the same moment, through the product as a user runs it.

clients.py   a process of clients: each sends one request at a given moment, and repeats nothing
square.py    the run, its people, and the processes of clients
scenes.py    a crowd on one lot: what everybody wants, and all that can be known afterwards
truth.py     what must be true of it
__main__.py  all scenes by hand, with a table of counts
"""
