"""Plans made by a job: what to study, from a model or from rules."""
