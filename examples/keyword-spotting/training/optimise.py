"""AdamW with one cycle of the learning rate, and running averages of weights."""

import copy

import torch


def one_cycle(parameters, steps, rate, decay=0.01, warm=0.15, fast=(), faster=50.0):
    """(optimiser, schedule): up to `rate` in the first `warm` of `steps`, then down to zero along a cosine.

    `fast`: parameters with a rate `faster` times as high, and without decay.
    """
    groups = [{"params": list(parameters), "lr": rate}]
    rates = [rate]
    if fast:
        groups.append({"params": list(fast), "lr": rate * faster, "weight_decay": 0.0})
        rates.append(rate * faster)
    optimiser = torch.optim.AdamW(groups, weight_decay=decay, betas=(0.9, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=steps, pct_start=warm, cycle_momentum=False, final_div_factor=1e3
    )
    return optimiser, schedule


class Average:
    """Exponential moving average of the state of a network, short in the beginning; `network` is the averaged copy."""

    def __init__(self, network, decay=0.995):
        self.network = copy.deepcopy(network).eval()
        self.decay = decay
        self.updates = 0

    @torch.no_grad()
    def update(self, network):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for mean, value in zip(self.network.state_dict().values(), network.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)


def batches(count, size, generator):
    """Index tensors of one pass over `count` items in random order, without the incomplete last batch."""
    order = torch.randperm(count, generator=generator)
    return [order[i : i + size] for i in range(0, count - size + 1, size)] or [order]


def soft_loss(logits, targets):
    """Cross entropy with soft targets, mean over the batch; targets [n, classes] sum to 1."""
    return -(targets * logits.log_softmax(-1)).sum(-1).mean()


@torch.no_grad()
def accuracy(network, frames, labels, batch=512):
    """Share of right answers."""
    right = 0
    for i in range(0, len(labels), batch):
        right += (network(frames[i : i + batch]).argmax(-1) == labels[i : i + batch]).sum().item()
    return right / len(labels)
