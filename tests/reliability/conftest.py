from pathlib import Path

import pytest
from reliability.promises import Bench


@pytest.fixture
def bench(tmp_path: Path, sum_weights: Path) -> Bench:
    return Bench(tmp_path, sum_weights)
