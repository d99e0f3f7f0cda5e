"""`serve` gives what it does to Prometheus on a port of its own, and nothing that only one student has."""

import time
import urllib.request
from pathlib import Path

from tests.ports import free_port
from tests.prepared import prepared_service

PASSWORD = "correct horse"


def text_at(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def test_calls_jobs_pool_and_disk_are_given_by_template_without_ids_or_tokens(tmp_path: Path) -> None:
    port = free_port()
    with prepared_service(tmp_path / "data", "serve", SCHEDIORA_METRICS__PORT=str(port)) as server:
        pair = server.call("POST", "/auth/register", {"email": "kim@example.com", "password": PASSWORD}).json
        token = pair["access_token"]
        wish = {"goal": "Pass", "topic": "Biology"}
        job = server.call("POST", "/ai/plans/generate", wish, token=token).json["job_id"]
        for _ in range(100):
            if server.call("GET", f"/ai/jobs/{job}", token=token).json["status"] == "completed":
                break
            time.sleep(0.1)
        for _ in range(2):
            server.call("GET", "/users/me", token=token)
        server.call("GET", "/sessions/no-such-id")
        text = text_at(port)
        assert server.stop() == 0
    for wanted in (
        'schediora_request_seconds_count{method="GET",route="/api/v1/ai/jobs/{job_id}",status="200"}',
        'schediora_jobs_total{failure="",outcome="completed",source="rules"} 1.0',
        "schediora_job_wait_seconds_count 1.0",
        'schediora_jobs_active{state="queued"} 0.0',
        "schediora_disk_free_bytes{folder=",
        "schediora_pool_connections_in_use",
        'schediora_kept_answers_total{outcome="hit"} 1.0',
    ):
        assert wanted in text, wanted
    for secret in (job, token, "kim@", "no-such-id"):
        assert secret not in text
