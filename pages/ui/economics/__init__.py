"""The parts of the Economics page: the tree of drivers with what-if and levers, unit economics, response and the division of the budget."""
