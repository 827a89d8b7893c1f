"""The rules of Starbid: pure functions and frozen data. Nothing here reads a clock, an environment or a network."""
