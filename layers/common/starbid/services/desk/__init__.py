"""What operators do (spec, section 9): each act is a use case that takes a `Decision`."""
