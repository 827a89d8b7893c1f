"""The server that Starbid is compared with."""
