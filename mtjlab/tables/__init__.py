"""Tables that runs of several kinds have: columns, and rows as the events of a run give them."""
