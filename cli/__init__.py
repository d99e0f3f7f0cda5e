"""The `schediora` command. Only Typer is imported at the top of these files, so that `--help` is instant."""
