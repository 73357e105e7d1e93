"""Training of a student from soft labels: float, then quantised. The same loop serves both."""

import copy

import torch

from .choose import Choice
from .optimise import Average, batches, one_cycle, soft_loss


def soft_targets(logits, targets, temperature=1.0, trust=0.9):
    """Mean probability that the teachers give, mixed with the label; [views, clips, classes].

    `logits`: list of [views, clips, classes]; an empty list leaves the labels alone.
    """
    if not logits:
        return targets
    taught = sum((each.float() / temperature).softmax(-1) for each in logits) / len(logits)
    return trust * taught + (1 - trust) * targets.float()


@torch.no_grad()
def label(network, frames, batch=2048):
    """Logits that a trained student gives every view, float16 [views, clips, classes]: a teacher of smaller ones."""
    network = network.eval()
    flat = frames.reshape(-1, *frames.shape[2:])
    parts = [network(network.arrange(flat[i : i + batch].float())).half() for i in range(0, len(flat), batch)]
    return torch.cat(parts).reshape(*frames.shape[:2], -1)


def train(
    network,
    frames,
    soft,
    epochs,
    rate,
    seed,
    batch=128,
    decay=0.01,
    late=0.3,
    allowed=None,
    pattern=None,
    report=None,
    device="cpu",
):
    """Trains `network` on views [views, clips, 50, 32], another one of each clip in every epoch; of those views that
    `allowed` (bool [views, clips]) names, where it is given.

    The loss is soft cross entropy of the last frame, and `late` times that of the five before it. With a `pattern` of
    `patterns` what is kept is chosen on the way; else the masks of the network stay.
    Returns the network with averaged weights; no epoch is chosen, the last one counts.
    """
    generator = torch.Generator().manual_seed(seed)
    views, clips = soft.shape[:2]
    batch = min(batch, clips)
    chances = torch.ones(clips, views) if allowed is None else allowed.t().float()
    steps = epochs * (clips // batch)
    trained = {name: p for name, p in network.named_parameters() if p.requires_grad}
    # an exponent moves by whole units, where a weight moves by a part of its size
    exponents = [p for name, p in trained.items() if name == "real_exponents"]
    parameters = [p for name, p in trained.items() if name != "real_exponents"]
    optimiser, schedule = one_cycle(parameters, steps, rate, decay, fast=exponents)
    average = Average(network)
    choice = Choice(pattern, steps) if pattern else None
    step = 0
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for chosen in batches(clips, batch, generator):
            view = torch.multinomial(chances[chosen], 1, generator=generator)[:, 0]
            x = network.arrange(frames[view, chosen].float().to(device))
            y = soft[view, chosen].float().to(device)
            choosing = choice is not None and choice.open(step)
            if choosing:
                choice.update(network, average.network, step)
                whole = choice.hide(network)
            logits = network.sequence(x)[:, -6:]
            loss = soft_loss(logits[:, -1], y)
            if late and logits.shape[1] > 1:
                loss = loss + late * soft_loss(logits[:, :-1], y[:, None])
            optimiser.zero_grad()
            loss.backward()
            if choosing:
                choice.show(network, whole)
            for parameter, mask in network.masked():
                if parameter.grad is not None and (not choosing or parameter.ndim == 1):
                    parameter.grad.mul_(mask)
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            if choosing:
                choice.slowed(network, whole)
            else:
                network.drop()
            average.update(network)
            total += loss.item()
            step += 1
        if report:
            report(epoch, total / (steps // epochs), masked(average.network))
    return masked(average.network)


def masked(network):
    """A copy without the dropped weights."""
    network = copy.deepcopy(network)
    network.drop()
    return network
