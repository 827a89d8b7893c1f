"""What only makes Starbid faster. docs/acceleration.md says of each part what it saves and how to take it out."""
