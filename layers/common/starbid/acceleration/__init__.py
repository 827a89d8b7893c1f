"""What only makes Starbid faster. docs/acceleration.md says what each part saves and how to take it out."""
