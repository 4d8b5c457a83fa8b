"""From features to input currents, and from classes to switching configurations."""
