"""The parts of the Life cycle page: stages of products, the base of customers, the funnel."""
