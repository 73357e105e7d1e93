"""Trains one keyword network: `python3 -m training.train FOLDER --network V16 -o NETWORKS`.

FOLDER has views (training.views) and the teachers' logits of them (training.teachers). Writes NETWORKS/V16.safetensors
(float, masked) and NETWORKS/V16_q6.safetensors (6-bit weights).
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

from . import distil, tensorfile
from .data import CLASSES
from .finetune import QuantisedStudent
from .frontend import FRONTEND, stack
from .masks import PATTERNS, network_masks
from .network import Student
from .optimise import accuracy

HIDDEN = (128, 128)
LICENCE = "Trained on part of Speech Commands v0.02 (Pete Warden, Google; CC BY 4.0)."


def save(path, tensors, notes):
    """float32 safetensors; `tensors` by PyTorch name."""
    arrays = {name: np.asarray(values.detach().cpu(), np.float32) for name, values in tensors.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    tensorfile.write(path, arrays, notes)


def float_tensors(student):
    """Parameters by PyTorch name."""
    return dict(student.named_parameters())


def load_trained(student, path):
    """Weights of a float network in the place of those of `student`, whose masks they must fit."""
    tensors, _ = tensorfile.read(path)
    student.load_state_dict({name: torch.tensor(values) for name, values in tensors.items()})
    for weight, mask in student.masked():
        if (weight[~mask] != 0).any():
            raise ValueError(f"{path}: weights where the masks of this seed have none")


def build(name, seed, dropout=0.1, frontend=FRONTEND):
    """A student of the pattern `name`, its masks and weights drawn from `seed`."""
    torch.manual_seed(seed)
    masks = network_masks(frontend["inputs"], HIDDEN, PATTERNS[name], seed)
    return Student(frontend["inputs"], HIDDEN, len(CLASSES), masks, dropout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--network", choices=PATTERNS, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=300, help="of float training")
    parser.add_argument("--fine-epochs", type=int, default=10, help="of quantisation-aware fine-tuning")
    parser.add_argument("--trained", type=Path, help="fine-tune this float network, made with the same seed")
    parser.add_argument("--rate", type=float, default=8e-3)
    parser.add_argument("--fine-rate", type=float, default=1e-4)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--trust", type=float, default=0.9, help="share of the teachers in the targets")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--mixed", action="store_true", help="train on views that mix two clips too")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()

    load = lambda name: torch.from_numpy(np.load(options.folder / name))
    frames, labels = load("views.npy"), load("targets.npy")
    taught = [load(path.name) for path in sorted(options.folder.glob("teacher-*.npy")) if "held-out" not in path.name]
    print(f"{options.network}: {len(taught)} teachers, {frames.shape[0]} views of {frames.shape[1]} clips")
    soft = distil.soft_targets(taught, labels, options.temperature, options.trust).half()
    held = np.load(options.folder / "held-out.npz")
    held_frames = stack(torch.from_numpy(held["frames"])).to(options.device)
    held_labels = torch.from_numpy(held["labels"]).to(options.device)
    start = time.time()

    def report(every):
        def print_line(epoch, loss, averaged):
            if epoch % every == every - 1:
                share = accuracy(averaged, held_frames, held_labels)
                seconds = time.time() - start
                print(f"epoch {epoch + 1}: loss {loss:.4f}, held out {share:.4f}, {seconds:.0f} s", flush=True)

        return print_line

    # a view of one clip alone has one target
    allowed = None if options.mixed else labels.amax(2) > 0.999
    common = {"frames": frames, "soft": soft, "allowed": allowed, "batch": options.batch, "device": options.device}
    student = build(options.network, options.seed, options.dropout).to(options.device)
    if options.trained:
        load_trained(student, options.trained)
    else:
        student = distil.train(
            student, epochs=options.epochs, rate=options.rate, seed=options.seed, report=report(20), **common
        )
    notes = {"format": "pt", "gate_order": "i,f,g,o", "labels": " ".join(CLASSES), "licence": LICENCE}
    notes["pattern"] = str(PATTERNS[options.network])
    save(options.output / f"{options.network}.safetensors", float_tensors(student), notes)
    fine = QuantisedStudent(student).to(options.device)
    print(f"exponents {fine.exponents}; quantised without fine-tuning {accuracy(fine, held_frames, held_labels):.4f}")
    fine = distil.train(
        fine, epochs=options.fine_epochs, rate=options.fine_rate, seed=options.seed + 1000, report=report(5), **common
    )
    notes["weights"] = "two's complement codes of 6 bits, times 2^-e"
    notes["exponents"] = str(fine.exponents)
    save(options.output / f"{options.network}_q6.safetensors", fine.tensors(), notes)


if __name__ == "__main__":
    main()
