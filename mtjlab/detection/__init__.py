"""From voltages to junction states: resistance law, references fitted from a sweep, and the real-time detector."""
