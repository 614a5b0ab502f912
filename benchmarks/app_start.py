"""How soon `wavemix app` can be used: seconds from its start to the page, to a visit, and to loaded models.

    python benchmarks/app_start.py --runs 3

Each run is a process of its own, as a user starts it; the models are those of the checkout.
"""

import json
import re
import subprocess
import sys
import time
import urllib.request

import click


def asked(address: str, path: str, method: str = "GET", body: bytes | None = None) -> bytes:
    request = urllib.request.Request(f"{address}{path}", body, method=method)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return answer.read()


def one_run(family: str) -> dict[str, float]:
    """Seconds from the start of the process to each event."""
    begun, seconds = time.perf_counter(), {}
    command = [sys.executable, "-m", "wavemix", "app", "--port", "0", "--family", family, "--example-seconds", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as app:
        try:
            address = re.search(r"http://\S+", app.stdout.readline())[0]
            page = asked(address, "/").decode()
            for asset in re.findall(r'"(/assets/[^"]+)"', page):
                asked(address, asset)
            visit = f"/visits/{json.loads(asked(address, '/visits', 'POST'))['id']}"
            seconds["page"] = time.perf_counter() - begun
            asked(address, f"{visit}/example", "POST")
            seconds["example song routed"] = time.perf_counter() - begun
            asked(address, f"{visit}/mix", "POST", b"{}")
            while json.loads(asked(address, f"{visit}/mix"))["state"] == "waiting":
                time.sleep(0.02)
            seconds["models loaded"] = time.perf_counter() - begun
        finally:
            app.terminate()
    return seconds


@click.command()
@click.option("--runs", default=3, show_default=True)
@click.option("--family", default="full", show_default=True)
def main(runs: int, family: str) -> None:
    """Print the seconds of each run; the first reads from the disk what later ones find in memory."""
    for run in range(runs):
        print(f"run {run + 1}: " + ", ".join(f"{name} {value:.1f} s" for name, value in one_run(family).items()))


if __name__ == "__main__":
    main()
