"""Stories about what players read."""
