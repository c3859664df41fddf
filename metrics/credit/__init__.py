"""What attribution is made of: journeys out of the store, paths, and the two models that need more than a rule."""
