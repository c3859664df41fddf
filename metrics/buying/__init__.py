"""What customers and lifetime value are made of: purchases, cohorts, and the models of repeat buying and staying."""
