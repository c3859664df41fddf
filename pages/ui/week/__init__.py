"""The parts of the Week page: cards, the long view, why it moved, what is unusual, what is being done, and the minutes of the meeting."""
