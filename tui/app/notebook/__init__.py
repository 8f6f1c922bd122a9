"""What is kept, in the open application: changes of the notebook in their turn, and who is told of them."""
