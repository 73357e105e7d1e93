import { describe, expect, it } from 'vitest';
import { python } from './training-python.js';

const run = python('torch, numpy');

/**
 * Of every kind of layers, weights that lie on their grids already: how far the gradients of the quantised student are
 * from those that torch gives of the float one, relative to their size, the worst over all parameters.
 */
const GRADIENTS = `
import json, torch
from training.finetune import QuantisedStudent
from training.kinds import student_of
differences = {}
for kind in ("lstm", "gru", "rnn", "dense"):
    student = student_of(kind, [(4, (1, 2))], 3, 5, inputs=400 if kind == "dense" else 64, hidden=(16, 16)).double()
    with torch.no_grad():
        for parameter in student.parameters():
            if parameter.ndim == 1:
                parameter.normal_(0, 0.2)
        student.drop()
        frames = 0.5 * torch.randn(6, 50, 32).double()
        student.load_state_dict(QuantisedStudent(student, frames).tensors())
    x = student.arrange(frames)
    towards = torch.randn(6, 1, 5).double()
    parameters = {name: p for name, p in student.named_parameters() if not (kind != "gru" and "bias_hh" in name)}
    found = []
    for network in (student, QuantisedStudent(student, frames)):
        found.append(torch.autograd.grad((network.sequence(x) * towards).sum(), list(parameters.values())))
    masks = [student.mask_of(name) for name in parameters]
    far = [(a - b if m is None else (a - b) * m).norm() / a.norm() for a, b, m in zip(*found, masks)]
    differences[kind] = max(far).item()
print(json.dumps(differences))
`;

/** Exponents that are learned for weights at random, from four starts; and the one with the least squared error. */
const EXPONENTS = `
import json, torch
from training.quantise import OnLearnedGrid, weight_exponent
torch.manual_seed(5)
weights = 0.1 * torch.randn(4000)
learned = []
for start in (2.0, 4.0, 8.0, 10.0):
    exponent = torch.nn.Parameter(torch.tensor(start))
    optimiser = torch.optim.Adam([exponent], lr=0.05, betas=(0.9, 0.99))
    for _ in range(300):
        optimiser.zero_grad()
        (OnLearnedGrid.apply(weights, 6, exponent) - weights).square().mean().backward()
        optimiser.step()
    learned.append(int((exponent + 0.5).floor()))
print(json.dumps([learned, weight_exponent(weights)]))
`;

describe.skipIf(run === null)('gradients of the quantised student', () => {
  it('are those of the float network but for what is rounded', () => {
    const differences: Record<string, number> = JSON.parse(run?.(['-c', GRADIENTS]) ?? '');
    expect(Object.keys(differences)).toEqual(['lstm', 'gru', 'rnn', 'dense']);
    for (const [kind, difference] of Object.entries(differences)) {
      expect(difference, kind).toBeLessThan(0.01);
    }
  });

  it('lead the exponent of a matrix to where the error is least, within one', () => {
    const [learned, least]: [number[], number] = JSON.parse(run?.(['-c', EXPONENTS]) ?? '');
    // from there on finer steps saturate, and push it back: it comes to rest between the two
    for (const exponent of learned) expect([least, least + 1]).toContain(exponent);
  });
});
