"""What moving money rests on: response curves and their gate, re-allocation, levers and what-if."""
