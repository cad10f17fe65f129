"""One customer: data in, the walk over the tree, the days that are judged, the decision."""
