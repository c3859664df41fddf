"""What people see. A page is a question, then a drawing: `NN_name.py`, the number gives its order and the name its title and address."""
