"""Views of clips: the same word at another time, speed, loudness, with noise, in another room, or mixed with another."""

import math

import torch

from .frontend import Frontend

SAMPLES = 16000


class Augment:
    """Makes views of a batch of clips. Every random number comes from `generator`, on the CPU.

    `noises`: float32 [n, 16000], background noise of the training part.
    """

    def __init__(self, noises, generator, device="cpu"):
        self.frontend = Frontend(device)
        self.noises = noises.to(device)
        self.generator = generator
        self.device = device

    def uniform(self, low, high, *shape):
        return (low + (high - low) * torch.rand(*shape, generator=self.generator)).to(self.device)

    def chance(self, p, n):
        return (torch.rand(n, generator=self.generator) < p).to(self.device)

    def move(self, audio):
        """Speed 0.85 ... 1.15 (pitch with it) and a shift of up to 100 ms, by linear interpolation."""
        n = len(audio)
        speed = self.uniform(0.85, 1.15, n, 1)
        centre = SAMPLES / 2 + self.uniform(-1600, 1600, n, 1)
        at = (torch.arange(SAMPLES, device=self.device) - SAMPLES / 2) * speed + centre
        left = at.floor()
        inside = (left >= 0) & (left < SAMPLES - 1)
        index = left.clamp(0, SAMPLES - 2).long()
        part = at - left
        moved = audio.gather(1, index) * (1 - part) + audio.gather(1, index + 1) * part
        return moved * inside

    def coloured(self, n):
        """Noise with power falling as f^-a, a in 0 (white) ... 2 (brown), r.m.s. 1."""
        white = torch.randn(n, SAMPLES, generator=self.generator).to(self.device)
        spectrum = torch.fft.rfft(white)
        frequency = torch.arange(1, spectrum.shape[1] + 1, device=self.device)
        coloured = torch.fft.irfft(spectrum * frequency ** (-self.uniform(0, 2, n, 1) / 2), n=SAMPLES)
        return coloured / rms(coloured)

    def background(self, n):
        """Background noise: recorded, at a random place, or synthetic; r.m.s. 1."""
        chosen = torch.randint(len(self.noises), (n,), generator=self.generator)
        offset = torch.randint(SAMPLES, (n, 1), generator=self.generator)
        at = ((torch.arange(SAMPLES)[None] + offset) % SAMPLES).to(self.device)
        recorded = self.noises[chosen.to(self.device)].gather(1, at)
        recorded = recorded / rms(recorded)
        return torch.where(self.chance(0.3, n)[:, None], self.coloured(n), recorded)

    def mix(self, audio, other, share):
        """Sound of two clips at equal loudness in the ratio `share`; share 1 is the first clip alone."""
        first, second = share[:, None], 1 - share[:, None]
        loudness = rms(audio)
        both = first * audio + second * other * (loudness / rms(other))
        both = both / (first.square() + second.square()).sqrt()
        return torch.where(first < 1, both, audio)

    def frames(self, audio, other, share):
        """float32 [n, 16000] twice and share [n] to network frames [n, 50, 32]."""
        n = len(audio)
        audio = torch.where(self.chance(0.95, n)[:, None], self.move(audio), audio)
        audio = self.mix(audio, self.move(other), share)
        ratio = 10 ** (-self.uniform(0, 35, n, 1) / 20)
        noise = self.background(n) * rms(audio) * ratio
        audio = torch.where(self.chance(0.7, n)[:, None], audio + noise, audio)
        audio = audio * 10 ** (self.uniform(-12, 8, n, 1) / 20)
        return self.frontend.normalise(self.room(self.frontend.levels(audio.clamp(-1, 1))))

    def room(self, levels):
        """Another microphone: a smooth change of level over the bands, of about 4 dB."""
        n, _, bands = levels.shape
        place = torch.linspace(0, math.pi, bands, device=self.device)
        waves = torch.stack([torch.cos(k * place) for k in (1, 2, 3)])
        size = torch.randn(n, 3, generator=self.generator).to(self.device) * torch.tensor(
            [0.8, 0.5, 0.3], device=self.device
        )
        return levels + (size @ waves)[:, None, :]


def rms(audio):
    """[n, samples] to [n, 1]; never zero."""
    return audio.square().mean(1, keepdim=True).sqrt() + 1e-5


def hide(frames, generator, bands=6, times=10):
    """Two stripes of bands and two of time hidden in [n, 50, 32] (SpecAugment), with the mean value 0."""
    frames = frames.clone()
    n = len(frames)
    for axis, widest in ((2, bands), (1, times)):
        size = frames.shape[axis]
        place = torch.arange(size)[None]
        for _ in range(2):
            width = torch.randint(widest + 1, (n, 1), generator=generator)
            start = (torch.rand(n, 1, generator=generator) * (size - width + 1)).long()
            hidden = ((place >= start) & (place < start + width)).to(frames.device)
            frames.masked_fill_(hidden[:, :, None] if axis == 1 else hidden[:, None, :], 0)
    return frames
