"""Training of a student from soft labels: float, then quantised. The same loop serves both."""

import torch

from .optimise import Average, batches, one_cycle, soft_loss


def soft_targets(logits, targets, temperature=1.0, trust=0.9):
    """Mean probability that the teachers give, mixed with the label; [views, clips, classes].

    `logits`: list of [views, clips, classes]; an empty list leaves the labels alone.
    """
    if not logits:
        return targets
    taught = sum((each.float() / temperature).softmax(-1) for each in logits) / len(logits)
    return trust * taught + (1 - trust) * targets.float()


def train(
    network, frames, soft, epochs, rate, seed, batch=128, decay=0.01, late=0.3, allowed=None, report=None, device="cpu"
):
    """Trains `network` on views [views, clips, 50, 32], another one of each clip in every epoch; of those views that
    `allowed` (bool [views, clips]) names, where it is given.

    The loss is soft cross entropy of the last frame, and `late` times that of the five before it.
    Returns the network with averaged weights; no epoch is chosen, the last one counts.
    """
    generator = torch.Generator().manual_seed(seed)
    views, clips = soft.shape[:2]
    batch = min(batch, clips)
    chances = torch.ones(clips, views) if allowed is None else allowed.t().float()
    steps = epochs * (clips // batch)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimiser, schedule = one_cycle(parameters, steps, rate, decay)
    average = Average(network)
    for epoch in range(epochs):
        network.train()
        total = 0.0
        for chosen in batches(clips, batch, generator):
            view = torch.multinomial(chances[chosen], 1, generator=generator)[:, 0]
            x = frames[view, chosen].float().to(device).flatten(2).reshape(len(chosen), -1, network_inputs(network))
            y = soft[view, chosen].float().to(device)
            logits = network.sequence(x)[:, -6:]
            loss = soft_loss(logits[:, -1], y)
            if late and logits.shape[1] > 1:
                loss = loss + late * soft_loss(logits[:, :-1], y[:, None])
            optimiser.zero_grad()
            loss.backward()
            for weight, mask in network.masked():
                weight.grad.mul_(mask)
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            network.drop()
            average.update(network)
            total += loss.item()
        if report:
            report(epoch, total / (steps // epochs), average.network)
    average.network.drop()
    return average.network


def network_inputs(network):
    """Values in a frame of the network."""
    return getattr(network, "student", network).lstm.input_size
