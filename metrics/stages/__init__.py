"""What the product's life-cycle stage is made of: season, the filter, its history and outlook, and the yardsticks beside it."""
