"""Students: who they are and how they want to study."""
