"""How often something may happen, in windows that move, and where that is counted."""
