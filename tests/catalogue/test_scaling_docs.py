"""The commands in docs/scaling.md exist, with these options."""

import re
import shlex
from pathlib import Path

import pytest
from torch.distributed.run import get_args_parser

from wavemix.cli.main import cli
from wavemix.training.recipe import read_recipe

ROOT = Path(__file__).resolve().parents[2]
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs/scaling.md").read_text(encoding="utf-8"), re.DOTALL)
LINES = "\n".join(BLOCKS).replace("\\\n", " ").splitlines()
COMMANDS = [shlex.split(line.removeprefix("srun ")) for line in LINES if re.match(r"(srun )?(wavemix|torchrun) ", line)]


def parse(arguments: list[str]) -> tuple[str, dict]:
    """The command of ours, and its options' values."""
    name, *rest = arguments
    with cli.commands[name].make_context(name, rest) as context:
        return name, context.params


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_parses_and_its_recipe_can_be_divided(command, monkeypatch):
    monkeypatch.chdir(ROOT)
    processes = None
    if command[0] == "torchrun":
        started = get_args_parser().parse_args(command[1:])
        assert (started.module, started.training_script) == (True, "wavemix")
        processes = int(started.nproc_per_node) * int(started.nnodes.split(":")[0])  # least:most
        name, options = parse(started.training_script_args)
    else:
        name, options = parse(command[1:])
    if name == "train":
        assert processes in (None, options["devices"] * options["nodes"])
        recipe = read_recipe(options["recipe"], options["settings"])
        assert recipe.batch_size % (options["devices"] * options["nodes"]) == 0


def test_the_tasks_of_slurm_are_the_devices_of_the_training():
    [job] = [block for block in BLOCKS if "#SBATCH" in block]
    [(_, options)] = [parse(command[1:]) for command in COMMANDS if "--max-minutes" in command]
    asked = {key: int(value) for key, value in re.findall(r"--(nodes|ntasks-per-node|gpus-per-node)=(\d+)", job)}
    devices = options["devices"]
    assert asked == {"nodes": options["nodes"], "ntasks-per-node": devices, "gpus-per-node": devices}


def test_examples_of_every_kind_were_found():
    kinds = {(command[0], next(word for word in command if word in cli.commands)) for command in COMMANDS}
    assert kinds == {("wavemix", "batch"), ("wavemix", "train"), ("torchrun", "train")}
