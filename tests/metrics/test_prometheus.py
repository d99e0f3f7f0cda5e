"""What is counted is what Prometheus fetches, of one process or of several that come and go."""

import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from schediora_cli.measuring import where_it_is_given

from schediora.errors import SetupError
from schediora.metrics.prometheus import PrometheusMeasurements, Read, exposed
from schediora.settings.values import MetricsSettings, Settings

HOST = "127.0.0.1"


def fetched(port: int) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return the values at `port` by name and labels' values."""
    with urllib.request.urlopen(f"http://{HOST}:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "le" not in sample.labels
    }


def given(registry: CollectorRegistry, reads: list[Read]) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return what Prometheus would fetch of the registry and the reads."""
    listening = socket.create_server((HOST, 0))
    with exposed([listening], registry, reads):
        return fetched(listening.getsockname()[1])


def broken() -> dict[str, float]:
    raise OSError("the database is away")


def test_what_is_taken_down_is_fetched_and_what_cannot_be_read_hides_nothing_else() -> None:
    registry = CollectorRegistry()
    counts = PrometheusMeasurements(registry)
    for _ in range(3):
        counts.request("GET", "/api/v1/sessions/{session_id}", 200, 0.004)
    counts.request("GET", "/api/v1/sessions/{session_id}", 404, 0.004)
    counts.job_taken(-1.0)
    counts.job_ended("completed", "rules", "")
    counts.job_ended("failed", "", "no_time_available")
    counts.model_asked("ok", 1.5, 700, 300)
    reads = [
        Read("schediora_disk_free_bytes", "Room.", "folder", lambda: {"data": 5.0}),
        Read("schediora_jobs_waiting", "Jobs.", "state", broken),
    ]
    found = given(registry, reads)
    labels = ("GET", "/api/v1/sessions/{session_id}")
    assert found["schediora_request_seconds_count", (*labels, "200")] == 3
    assert found["schediora_request_seconds_count", (*labels, "404")] == 1
    assert found["schediora_request_seconds_sum", (*labels, "404")] == pytest.approx(0.004)
    assert found["schediora_jobs_total", ("no_time_available", "failed", "")] == 1
    assert found["schediora_job_wait_seconds_sum", ()] == 0
    assert found["schediora_model_tokens_total", ("prompt",)] == 700
    assert found["schediora_disk_free_bytes", ("data",)] == 5
    assert not [name for name, _ in found if "waiting" in name]


def test_a_sample_is_taken_at_once_and_kept_answers_are_counted() -> None:
    registry = CollectorRegistry()
    counts = PrometheusMeasurements(registry)
    with counts.sampling(lambda: 2, seconds=60):
        for hit in (True, True, False):
            counts.kept_answer(hit=hit)
    found = given(registry, [])
    assert found["schediora_pool_connections_in_use", ()] == 2
    assert found["schediora_kept_answers_total", ("hit",)] == 2


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server((HOST, 0)) as other:
        settings = Settings(metrics=MetricsSettings(host=HOST, port=other.getsockname()[1]))
        with pytest.raises(SetupError, match=r"already in use.*metrics\.port"):
            where_it_is_given(settings)


SEVERAL = """
import os, sys
from pathlib import Path
from schediora.metrics import counting_together
directory = Path(sys.argv[1])
counting_together.share(directory)
from schediora.metrics.prometheus import PrometheusMeasurements, of_all_processes
counts = PrometheusMeasurements(None)
children = []
for number in (1, 2):
    child = os.fork()
    if not child:
        for _ in range(number):
            counts.request("GET", "/x", 200, 0.01)
        with counts.sampling(lambda: number, seconds=60):
            pass
        os._exit(0)
    os.waitpid(child, 0)
    children.append(child)
def seen():
    registry = of_all_processes(directory)
    labels = {"method": "GET", "route": "/x", "status": "200"}
    return [registry.get_sample_value("schediora_request_seconds_count", labels),
            registry.get_sample_value("schediora_pool_connections_in_use")]
(directory / "counter_1.db").touch()  # as long as its process has not written into it
print(seen())
counting_together.forget(directory, children[1])
print(seen())
"""


def test_several_processes_count_together_and_a_dead_one_holds_no_connections(tmp_path: Path) -> None:
    directory = tmp_path / "metrics"
    directory.mkdir()
    (directory / "gauge_livesum_1.db").write_bytes(b"of an earlier start")
    ended = subprocess.run([sys.executable, "-c", SEVERAL, str(directory)], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["[3.0, 3.0]", "[3.0, 1.0]"]


def test_sharing_comes_before_the_library_or_not_at_all(tmp_path: Path) -> None:
    late = (
        "import prometheus_client, pathlib; from schediora.metrics import counting_together; "
        "counting_together.share(pathlib.Path('m'))"
    )
    ended = subprocess.run([sys.executable, "-c", late], capture_output=True, text=True, cwd=tmp_path)
    assert "RuntimeError" in ended.stderr
