"""Trains one keyword network: `python3 -m training.train FOLDER --network V16 -o NETWORKS`.

FOLDER has views (training.views) and the teachers' logits of them (training.teachers). Writes NETWORKS/V16.safetensors
(float, masked) and NETWORKS/V16_q6.safetensors (6-bit weights); of a feed-forward network NETWORKS/FF16.pt and so on.
`--network V --pattern strips --blocks 16x64 --rate 10` names the kind of layers and the pattern: NETWORKS/V-strips-10.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from . import distil
from .data import CLASSES
from .finetune import QuantisedStudent
from .kinds import CELLS, NETWORKS, RATES, load, save, student_of, suffix
from .masks import PATTERNS
from .optimise import accuracy
from .patterns import BALANCES, LISTS, Hcgs, parse_pattern

LICENCE = "Trained on part of Speech Commands v0.02 (Pete Warden, Google; CC BY 4.0)."


class Data:
    """Views with the targets of a student, and held-out clips."""

    def __init__(self, folder, temperature, trust, mixed):
        read = lambda name: torch.from_numpy(np.load(folder / name))
        self.frames, labels = read("views.npy"), read("targets.npy")
        files = sorted(path.name for path in folder.glob("teacher-*.npy") if "held-out" not in path.name)
        self.soft = distil.soft_targets([read(name) for name in files], labels, temperature, trust).half()
        # a view of one clip alone has one target
        self.allowed = None if mixed else labels.amax(2) > 0.999
        held = np.load(folder / "held-out.npz")
        self.held_frames, self.held_labels = (torch.from_numpy(held[key]) for key in ("frames", "labels"))
        print(f"{len(files)} teachers, {self.frames.shape[0]} views of {self.frames.shape[1]} clips", flush=True)

    def taught_by(self, dense, share):
        """From here on a dense network has `share` of the targets."""
        own = distil.label(dense, self.frames).float().softmax(-1)
        self.soft = (share * own + (1 - share) * self.soft.float()).half()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--network", choices=[*NETWORKS, *CELLS], required=True, help="by ratio, or with --pattern")
    parser.add_argument("--pattern", choices=LISTS, help="of a network without a ratio; with --blocks and --rate")
    parser.add_argument("--blocks", help="of strips and kernels: rows x columns of a block")
    parser.add_argument("--rate", help="one weight in how many is kept; of strips one column, or C,R of columns and rows")
    parser.add_argument("--balance", choices=BALANCES, help="as many in each block, or the best of a matrix")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=300, help="of float training")
    parser.add_argument("--fine-epochs", type=int, default=20, help="of quantisation-aware fine-tuning")
    parser.add_argument("--masks", choices=("drawn", "chosen"), default="chosen", help="before training, or on the way")
    parser.add_argument("--dense", type=Path, help="trained dense network, a teacher of this one")
    parser.add_argument("--dense-share", type=float, default=0.5, help="of that network in the targets")
    parser.add_argument("--start", action="store_true", help="start from the weights of --dense")
    parser.add_argument("--steps", choices=("fixed", "learned"), default="fixed", help="of the weights in fine-tuning")
    parser.add_argument("--trained", type=Path, help="fine-tune this float network")
    parser.add_argument("--learning-rate", type=float, help="of float training; one for each kind of layers otherwise")
    parser.add_argument("--fine-rate", type=float, default=1e-4)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--trust", type=float, default=0.9, help="share of the teachers in the targets")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--mixed", action="store_true", help="train on views that mix two clips too")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    if options.start and (options.dense is None or options.masks == "drawn"):
        parser.error("--start needs --dense, and masks that are chosen")
    try:
        return options, *target(options)
    except ValueError as error:
        return parser.error(str(error))


def target(options):
    """(name, kind of layers, pattern or None) of the network that the options name. Raises ValueError."""
    texts = [options.blocks, options.rate, options.balance]
    if options.pattern is None:
        if any(texts):
            raise ValueError("--blocks, --rate and --balance need --pattern")
        if options.network not in NETWORKS:
            raise ValueError(f"--network: expected one of {', '.join(NETWORKS)} without --pattern, got {options.network}")
        kind, ratio = NETWORKS[options.network]
        return options.network, kind, Hcgs(PATTERNS[ratio]) if PATTERNS[ratio] else None
    if options.network not in CELLS:
        raise ValueError(f"--network: expected one of {', '.join(CELLS)} with --pattern, got {options.network}")
    if options.masks == "drawn":
        raise ValueError(f"--masks: expected chosen for {options.pattern}, got drawn")
    if not options.blocks or not options.rate:
        raise ValueError(f"--pattern {options.pattern}: expected --blocks and --rate beside it")
    pattern = parse_pattern(options.pattern, options.blocks, options.rate, options.balance or BALANCES[0])
    return f"{options.network}-{options.pattern}-{options.rate.replace(',', '-')}", CELLS[options.network], pattern


def main():
    options, name, kind, pattern = arguments()
    data = Data(options.folder, options.temperature, options.trust, options.mixed)
    build = lambda levels: student_of(kind, levels, options.seed, len(CLASSES), dropout=options.dropout)
    drawn = options.masks == "drawn" and pattern is not None
    student = build(pattern.levels if drawn else [])
    held = [student.arrange(data.held_frames).to(options.device), data.held_labels.to(options.device)]
    if options.dense:
        dense = build([])
        load(options.dense, dense)
        data.taught_by(dense, options.dense_share)
        if options.start:
            load(options.dense, student)
    start = time.time()

    def report(every):
        def print_line(epoch, loss, network):
            if epoch % every == every - 1:
                share = accuracy(network, *held)
                seconds = time.time() - start
                print(f"epoch {epoch + 1}: loss {loss:.4f}, held out {share:.4f}, {seconds:.0f} s", flush=True)

        return print_line

    common = {"frames": data.frames, "soft": data.soft, "allowed": data.allowed}
    common |= {"batch": options.batch, "device": options.device}
    notes = {"format": "pt", "labels": " ".join(CLASSES), "licence": LICENCE, "pattern": str(pattern or [])}
    path = lambda stem: options.output / f"{stem}{suffix(kind)}"
    if options.trained:
        load(options.trained, student)
        student.to(options.device)
    else:
        rate = options.learning_rate or RATES[kind]
        student = distil.train(
            student.to(options.device),
            **common,
            epochs=options.epochs,
            rate=rate,
            seed=options.seed,
            pattern=None if drawn else pattern,
            report=report(20),
        )
        save(path(name), student, dict(student.named_parameters()), notes)
        load(path(name), student)
    print(f"{name}: float {accuracy(student, *held):.4f}", flush=True)
    if not options.fine_epochs:
        return
    fine = QuantisedStudent(student, data.frames[0], learned=options.steps == "learned").to(options.device)
    print(f"exponents {fine.exponents()}; quantised without fine-tuning {accuracy(fine, *held):.4f}")
    fine = distil.train(
        fine, **common, epochs=options.fine_epochs, rate=options.fine_rate, seed=options.seed + 1000, report=report(5)
    )
    print(f"{name}: exponents {fine.exponents()}; quantised {accuracy(fine, *held):.4f}")
    notes["weights"] = "two's complement codes of 6 bits, times 2^-e"
    notes["exponents"] = str(fine.exponents())
    save(path(f"{name}_q6"), student, fine.tensors(), notes)


if __name__ == "__main__":
    main()
