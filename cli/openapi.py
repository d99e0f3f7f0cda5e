"""`schediora openapi`."""

from pathlib import Path

from .console import show_json


def openapi() -> None:
    """Print the API's description, OpenAPI 3.1.

    It is the same as /api/v1/openapi.json.
    """
    import logging
    import tempfile

    from falcon.testing import TestClient

    from schediora import log
    from schediora.app import connect, create_app, create_queue
    from schediora.routes import PREFIX
    from schediora.settings.values import Settings

    log.configure(production=False)
    logging.disable()  # asking ourselves is no request
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        app = create_app(settings, database=connect(settings), queue=create_queue(settings))
        show_json(TestClient(app).simulate_get(f"{PREFIX}/openapi.json").json)
