"""HTTP: requests, answers, forms, routing, the visitor. Knows no feature."""
