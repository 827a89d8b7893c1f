"""Achievements: what there is to achieve, what counts towards it, how far a person has come. Pure."""
