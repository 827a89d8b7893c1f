# shellcheck shell=bash
# A Docker daemon of our own, for machines without one that answers. Sourced by scripts/sam-test.

start_engine() { return 1; }
