"""`python -m schediora` is the command line."""

from schediora_cli.main import run

if __name__ == "__main__":
    run()
