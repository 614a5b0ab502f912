"""`wavemix publish`."""

import click

from wavemix.cli.console import print_table, say, spinner


@click.command()
@click.argument("model", metavar="MODEL|all|all-lite|space|FOLDER")
@click.option("--to", required=True, metavar="ORG[/NAME]", help="Organisation or user on the Hub; or a repository.")
@click.option("--private", is_flag=True, help="Make a new repository private.")
@click.option("--tag", help="Name this revision, as v0.1.")
@click.option("--update", is_flag=True, help="Replace the model or card that a repository has already.")
@click.option("--pin", is_flag=True, help="Write revision and sha256 into the registry.")
@click.option("--dry-run", is_flag=True, help="Check everything and say what would be published, without a network.")
def publish(model: str, to: str, private: bool, tag: str | None, update: bool, pin: bool, dry_run: bool) -> None:
    """Publish on the Hugging Face Hub: a model of ours, a family of five, one of your own, or the app as a Space.

    `all` is the full family, `all-lite` the lite one, `space` the app, a FOLDER holds a model of your own.

    The folder is checked first: weights, config and card. Its files go up in one commit. The token is that of
    HF_TOKEN or of `hf auth login`.
    """
    from wavemix.publishing import Options, pack
    from wavemix.publishing import publish as publish_packages

    with spinner("checking"):
        packages = pack(model, to)
    if dry_run:
        files = [(one.repository, str(one.folder), ", ".join(path.name for path in one.files)) for one in packages]
        print_table("Would be published", ("repository", "from", "files"), files)
        return
    # huggingface_hub draws its own progress bars.
    published = publish_packages(
        packages, Options(private, tag, update, pin), tell=lambda name: say(f"publishing {name}", err=True)
    )
    rows = [
        (one.package.repository, one.revision, "uploaded" if one.is_new else "was there", one.package.sha256)
        for one in published
    ]
    print_table(f"Published{f' as {tag}' if tag else ''}", ("repository", "revision", "", "sha256"), rows)
    if pin:
        say("Pinned in the registry.")
