"""What a network keeps, chosen by magnitude while it trains, gradually less.

The schedule is that of Zhu and Gupta (2017), "To prune, or not to prune": for the blocks kept at each level of HCGS, for
the share of weights that strips and kernels keep. Dropped weights are remembered, and trained further at a lower rate with
the gradient at weight zero, so that they may come back, as in dynamic network surgery (Guo et al. 2016); they are zero
wherever the network computes.
"""

import torch


class Choice:
    """When the masks of a network are chosen, and how far on the way to the `pattern` (of `patterns`) they are.

    `steps`: of the whole training. Weights become fewer from the share `first` of it to `last`; then they are only
    chosen anew, up to the share `fixed`, from which on the masks stay. `every`: steps between two choices. `slow`:
    rate of dropped weights, of that of kept ones.
    """

    def __init__(self, pattern, steps, first=0.02, last=0.3, fixed=0.4, every=20, slow=0.02):
        self.pattern = pattern
        self.steps, self.first, self.last = steps, first, last
        self.fixed = int(fixed * steps)
        self.every, self.slow = every, slow

    def open(self, step):
        """Whether masks may still change after this step."""
        return step < self.fixed

    def left(self, step):
        """How far the pattern is: 1 where all weights stay, 0 where it is reached."""
        progress = (step / self.steps - self.first) / (self.last - self.first)
        return (1 - min(max(progress, 0.0), 1.0)) ** 3

    @torch.no_grad()
    def update(self, network, averaged, step):
        """Chooses the masks of both networks anew by the weights of the first one, where it is time."""
        if step % self.every and step != self.fixed - 1:
            return
        for name in network.matrices:
            weight = network.get_parameter(name).detach().cpu()
            gates = weight.reshape(network.gates(name), -1, weight.shape[1]).double().numpy()
            mask = self.pattern.mask(gates, self.left(step))
            network.set_mask(name, mask)
            averaged.set_mask(name, mask)

    @torch.no_grad()
    def hide(self, network):
        """Dropped weights become zero, for one forward and backward pass; returns all weights as they were."""
        whole = [network.get_parameter(name).detach().clone() for name in network.matrices]
        network.drop()
        return whole

    @torch.no_grad()
    def show(self, network, whole):
        """Brings the weights of `hide` back."""
        for name, values in zip(network.matrices, whole):
            network.get_parameter(name).copy_(values)

    @torch.no_grad()
    def slowed(self, network, whole):
        """After a step of the optimiser: dropped weights have gone a part of the way."""
        for name, values in zip(network.matrices, whole):
            weight = network.get_parameter(name)
            weight.copy_(torch.where(network.mask_of(name), weight, values.lerp(weight, self.slow)))
