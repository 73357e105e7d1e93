"""The front end of `frontend.json` in torch, for many clips at a time: audio to network input."""

import json
import math
from pathlib import Path

import torch

FRONTEND = json.loads((Path(__file__).parent.parent / "frontend.json").read_text())


def mel(hertz):
    """Mel scale: 1127 ln(1 + f/700)."""
    return 1127 * torch.log1p(hertz / 700)


class Frontend:
    """Log mel energies, normalised per band."""

    def __init__(self, device="cpu", facts=FRONTEND):
        self.facts = facts
        window, bands = facts["window"], facts["mel_bands"]
        bins = torch.arange(window // 2 + 1, dtype=torch.float64)
        low, high = (mel(torch.tensor(facts[key], dtype=torch.float64)) for key in ("mel_lo", "mel_hi"))
        step = (high - low) / (bands + 1)
        centres = low + step * torch.arange(1, bands + 1, dtype=torch.float64)
        distance = (mel(bins * facts["sample_rate"] / window)[:, None] - centres[None]).abs()
        hann = 0.5 - 0.5 * torch.cos(torch.arange(window, dtype=torch.float64) * (2 * math.pi / window))
        as_floats = lambda values: torch.as_tensor(values, dtype=torch.float32, device=device)
        self.triangles = as_floats((1 - distance / step).clamp(min=0))
        self.hann = as_floats(hann)
        self.mean, self.std = as_floats(facts["mean"]), as_floats(facts["std"])

    def levels(self, audio):
        """audio: float32 [clips, 16000] in [-1, 1). Returns ln(1e-6 + P), [clips, 50, 32]: P = |rfft|^2 / 512 under a
        periodic Hann window, summed by triangles on the mel scale with peak 1."""
        facts = self.facts
        needed = (facts["frames"] - 1) * facts["hop"] + facts["window"]
        front = facts["front_padding"]
        padded = torch.nn.functional.pad(audio, (front, needed - front - audio.shape[1]))
        windows = padded.unfold(1, facts["window"], facts["hop"]) * self.hann
        power = torch.fft.rfft(windows).abs().square() / facts["fft"]
        return torch.log(1e-6 + power @ self.triangles)

    def normalise(self, levels):
        """(L - mean) / std per band, clipped to the range of a 13-bit word; [clips, 50, 32]."""
        low, high = self.facts["clip"]
        return ((levels - self.mean) / self.std).clamp(low, high)

    def __call__(self, audio):
        return self.normalise(self.levels(audio))


def stack(frames):
    """[clips, 50, 32] to network input [clips, 25, 64]: x[t] = frames 2t and 2t + 1 side by side."""
    return frames.reshape(len(frames), FRONTEND["steps"], FRONTEND["inputs"])


def whole(frames):
    """[clips, 50, 32] to one frame [clips, 1, 400]: means of two frames and two bands, a time after the other."""
    return frames.reshape(len(frames), -1, 2, frames.shape[2] // 2, 2).mean((2, 4)).flatten(1)[:, None]


def frames_of(audio, device="cpu", batch=256):
    """int16 [clips, 16000] to float32 [clips, 50, 32] on the CPU."""
    frontend = Frontend(device)
    with torch.no_grad():
        parts = [
            frontend(torch.as_tensor(audio[i : i + batch], device=device).float() / 32768).cpu()
            for i in range(0, len(audio), batch)
        ]
    return torch.cat(parts)
