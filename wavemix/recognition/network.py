"""The recogniser's network: convolutions over the frames of each segment, then all segments of a track together."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from wavemix.recognition.classes import CLASSES
from wavemix.recognition.features import BANDS

WIDTHS = (16, 24, 48, 64, 96)
EMBEDDING = 96


class RecogniserNet(nn.Module):
    """Segments of one track to the evidence for each class.

    Args:
        widths: Features of each level, of which each halves frames and bands.
        embedding: Features of a segment.
        normalised: Whether features are normalised over the batch, as in training.
        dropout: Share of a track's features that training leaves out.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = WIDTHS,
        embedding: int = EMBEDDING,
        normalised: bool = False,
        dropout: float = 0.4,
    ) -> None:
        super().__init__()
        self.widths, self.embedding = widths, embedding
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in pairwise((1, *widths)))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths if normalised)
        rows = BANDS
        for _ in widths:
            rows = (rows + 1) // 2
        self.embed = nn.Linear(2 * widths[-1] * rows, embedding)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(2 * embedding, len(CLASSES))

    def forward(self, segments: Tensor) -> Tensor:
        """Logits of the classes.

        Shape:
            `(batch, segments, frames, bands)` to `(batch, classes)`.
        """
        batch, count, frames, bands = segments.shape
        x = segments.reshape(batch * count, 1, frames, bands)
        for level, convolution in enumerate(self.convolutions):
            x = convolution(x)
            x = torch.relu(self.norms[level](x) if self.norms else x)
        columns = x.transpose(2, 3).flatten(1, 2)  # (batch * segments, features * bands, frames)
        pooled = torch.cat([columns.mean(-1), columns.amax(-1)], dim=1)
        embedded = torch.relu(self.embed(pooled)).reshape(batch, count, -1)
        track = torch.cat([embedded.mean(1), embedded.amax(1)], dim=1)
        logits: Tensor = self.classify(self.dropout(track))
        return logits

    def folded(self) -> "RecogniserNet":
        """This network without normalisation: what that has learned of the features is in the convolutions' weights."""
        plain = RecogniserNet(self.widths, self.embedding, dropout=self.dropout.p).eval()
        state = {name: tensor for name, tensor in self.state_dict().items() if not name.startswith("norms.")}
        for level, norm in enumerate(self.norms):
            assert isinstance(norm, nn.BatchNorm2d) and norm.running_var is not None and norm.running_mean is not None
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight, bias = f"convolutions.{level}.weight", f"convolutions.{level}.bias"
            state[weight] = state[weight] * gain[:, None, None, None]
            state[bias] = (state[bias] - norm.running_mean) * gain + norm.bias
        plain.load_state_dict(state)
        return plain
