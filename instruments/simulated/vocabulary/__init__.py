"""The words of each model, over the physics: one file for each family, a common parser and error queue."""
