"""`wavemix models`."""

from pathlib import Path

import click


@click.command()
@click.option("--weights", type=click.Path(path_type=Path), help="A folder with weights of your own.")
def models(weights: Path | None) -> None:
    """List the five models: what they read, and which weights are here."""
    from wavemix.cli.console import print_table
    from wavemix.errors import WavemixError
    from wavemix.zoo.registry import MODELS
    from wavemix.zoo.weights import load

    rows = []
    failures = []
    for name, entry in MODELS.items():
        try:
            mixer = load(name, weights)
        except WavemixError as error:
            failures.append(str(error))
            rows.append((name, entry.summary, "", "", "not usable", ""))
            continue
        parameters = sum(parameter.numel() for parameter in mixer.net.parameters())
        rows.append(
            (
                name,
                entry.summary,
                f"{parameters:,}",
                mixer.config.status,
                mixer.config.sha256[:12],
                mixer.origin,
            )
        )
    print_table("Models", ("model", "what it mixes", "parameters", "status", "sha256", "weights"), rows)
    if failures:
        raise WavemixError(failures[0])
