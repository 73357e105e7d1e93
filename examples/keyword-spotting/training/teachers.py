"""Small convolutional teachers: `python3 -m training.teachers FOLDER --seed N` writes `teacher-N.npy`, the logits
(float16 [views, clips, classes]) that one teacher gives every view in FOLDER."""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .augment import hide
from .data import CLASSES
from .optimise import Average, accuracy, batches, one_cycle, soft_loss


class Block(nn.Module):
    """Depthwise 3 x 3 and pointwise convolution with a bypass."""

    def __init__(self, width, dilation):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=(dilation, 1), dilation=(dilation, 1), groups=width, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 1, bias=False),
            nn.BatchNorm2d(width),
        )

    def forward(self, x):
        return torch.relu(x + self.layers(x))


class Plain(nn.Module):
    """A 3 x 3 convolution that widens."""

    def __init__(self, inside, outside, stride=(1, 1)):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()
        )

    def forward(self, x):
        return self.layers(x)


class Teacher(nn.Module):
    """[n, 50, 32] to logits [n, classes]."""

    def __init__(self, width=32, classes=len(CLASSES), dropout=0.3):
        super().__init__()
        w = width
        self.layers = nn.Sequential(
            Plain(1, w, (1, 2)),
            Plain(w, 2 * w, (2, 2)),
            Block(2 * w, 1),
            Block(2 * w, 2),
            Plain(2 * w, 3 * w, (1, 2)),
            Block(3 * w, 2),
            Block(3 * w, 4),
            Plain(3 * w, 4 * w, (2, 2)),
            Block(4 * w, 2),
            Block(4 * w, 2),
        )
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(8 * w, classes))

    def forward(self, frames):
        x = self.layers(frames[:, None].contiguous(memory_format=torch.channels_last)).mean(3)
        return self.head(torch.cat([x.mean(2), x.amax(2)], 1))


def train(network, frames, targets, epochs, seed, batch=128, rate=3e-3, report=print, device="cpu"):
    """Trains on views, another one of each clip in every epoch. Returns the averaged network."""
    generator = torch.Generator().manual_seed(seed)
    views, clips = targets.shape[:2]
    steps = epochs * max(1, clips // batch)
    optimiser, schedule = one_cycle(network.parameters(), steps, rate, decay=0.03)
    average = Average(network)
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for chosen in batches(clips, batch, generator):
            view = torch.randint(views, (len(chosen),), generator=generator)
            x = hide(frames[view, chosen].float(), generator).to(device)
            loss = soft_loss(network(x), 0.95 * targets[view, chosen].float().to(device) + 0.05 / targets.shape[2])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            average.update(network)
            total += loss.item()
        report(epoch, total / (steps // epochs), average.network)
    return average.network


@torch.no_grad()
def label(network, frames, device="cpu", batch=512):
    """Logits of every view: float16 [views, clips, classes]."""
    flat = frames.reshape(-1, *frames.shape[2:])
    parts = [network(flat[i : i + batch].float().to(device)).half().cpu() for i in range(0, len(flat), batch)]
    return torch.cat(parts).reshape(*frames.shape[:2], -1).numpy()


def main():
    parser = argparse.ArgumentParser(description="trains one convolutional teacher and writes its logits of all views")
    parser.add_argument("folder", type=Path, help="made by training.views")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=80)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()

    torch.manual_seed(options.seed)
    frames = torch.from_numpy(np.load(options.folder / "views.npy"))
    targets = torch.from_numpy(np.load(options.folder / "targets.npy"))
    held = np.load(options.folder / "held-out.npz")
    held_frames, held_labels = (torch.from_numpy(held[key]).to(options.device) for key in ("frames", "labels"))
    network = Teacher(options.width).to(options.device, memory_format=torch.channels_last)
    start = time.time()

    def report(epoch, loss, averaged):
        if epoch % 10 == 9 or epoch == options.epochs - 1:
            share = accuracy(averaged, held_frames, held_labels)
            print(f"epoch {epoch + 1}: loss {loss:.4f}, held out {share:.4f}, {time.time() - start:.0f} s", flush=True)

    network = train(network, frames, targets, options.epochs, options.seed, report=report, device=options.device)
    name = f"teacher-{options.seed}"
    np.save(options.folder / f"{name}.npy", label(network, frames, options.device))
    np.save(options.folder / f"{name}-held-out.npy", label(network, held_frames.cpu()[None], options.device)[0])


if __name__ == "__main__":
    main()
