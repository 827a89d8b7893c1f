"""Groups and channels where lots are posted: who connects them (connecting), and what stands there (posting)."""
