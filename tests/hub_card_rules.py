"""What the Hub would refuse of a model card, in short: its metadata specification (hub-docs, modelcard.md)."""

import re

import yaml

LICENCES = {"apache-2.0", "cc-by-nc-sa-4.0", "cc0-1.0", "mit", "other"}
TASKS = {"audio-to-audio", "audio-classification", "text-to-audio"}
SDKS = {"docker", "gradio", "static"}
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
LONGEST_DESCRIPTION = 60
NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")


def metadata(content: str) -> dict | list[str]:
    """A card's metadata, or what is wrong with them."""
    parts = re.match(r"---\n(.*?)\n---\n", content, re.DOTALL)
    try:
        data = yaml.safe_load(parts[1]) if parts else None
    except yaml.YAMLError as error:
        return [f"the metadata are no YAML: {error}"]
    return data if isinstance(data, dict) else ["there are no metadata"]


def space_errors(content: str) -> list[str]:
    """One sentence for each thing that is wrong with a Space's metadata (hub-docs, spaces-config-reference.md)."""
    data = metadata(content)
    if isinstance(data, list):
        return data
    checks = {
        '"title" must be a string': isinstance(data.get("title"), str),
        '"sdk" must be one of the Hub\'s': data.get("sdk") in SDKS,
        '"license" must be one of the Hub\'s': data.get("license") in LICENCES,
        '"app_port" must be a port': data.get("sdk") != "docker" or isinstance(data.get("app_port", 7860), int),
        '"emoji" must be an emoji': isinstance(data.get("emoji"), str) and not data["emoji"].isascii(),
        '"colorFrom" and "colorTo" must be colours': {data.get("colorFrom"), data.get("colorTo")} <= COLOURS,
        '"short_description" must be short': len(data.get("short_description", "")) <= LONGEST_DESCRIPTION,
        '"models" must be names': all(NAME.fullmatch(name) for name in data.get("models", [])),
    }
    return [error for error, is_met in checks.items() if not is_met]


def card_errors(content: str) -> list[str]:
    """One sentence for each thing that is wrong with a card's metadata."""
    data = metadata(content)
    if isinstance(data, list):
        return data
    checks = {
        '"license" must be one of the Hub\'s': data.get("license") in LICENCES,
        '"license_name" must be given with the license other': data.get("license") != "other" or "license_name" in data,
        '"pipeline_tag" must be one of the Hub\'s tasks': data.get("pipeline_tag") in TASKS,
        '"library_name" must be a string': isinstance(data.get("library_name"), str),
        '"tags" must be strings': all(isinstance(tag, str) for tag in data.get("tags", [])),
        '"datasets" must be names': all(NAME.fullmatch(name) for name in data.get("datasets", [])),
    }
    return [error for error, is_met in checks.items() if not is_met] + _index_errors(data.get("model-index", []))


def _index_errors(index: list[dict]) -> list[str]:
    errors = [] if all(isinstance(model.get("name"), str) for model in index) else ['"model-index" needs names']
    for result in (result for model in index for result in model["results"]):
        for part, keys in {"task": {"type"}, "dataset": {"type", "name"}}.items():
            if not keys <= set(result.get(part, {})):
                errors.append(f'"model-index[0].results.{part}" needs {keys}')
        if not all({"type", "value"} <= set(metric) for metric in result.get("metrics", [{}])):
            errors.append('"model-index[0].results.metrics" need type and value')
    return errors
