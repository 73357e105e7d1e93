import { clamp } from '../../dense.js';
import type { StepEffect } from '../../pytorch/step.js';

/** An argument by place or name: null where none is given, undefined where it is no number that is seen. */
export type Numbers = (place: number, name: string) => number | null | undefined;

const INFINITY = Number.POSITIVE_INFINITY;

/** Functions of torch and torch.nn.functional that leave values as they are when a network is used. */
export const IDLE = /^(dropout_?|feature_dropout|alpha_dropout|contiguous|detach|clone|alias|to)$/;

/**
 * What `torch.NAME` or `torch.nn.functional.NAME` does with its first argument; null for what hardware does not compute, or that
 * has arguments which are not understood.
 */
export function effectOf(name: string, at: Numbers): StepEffect | null {
  switch (name.replace(/_$/, '')) {
    case 'relu':
      return clamp(0, INFINITY);
    case 'relu6':
      return clamp(0, 6);
    case 'hardsigmoid':
      return clamp(0, 1, 1 / 6, 0.5);
    case 'tanh':
      return { is: 'tanh' };
    case 'sigmoid':
      return { is: 'sigmoid' };
    case 'hardtanh':
      return within(at(1, 'min_val'), at(2, 'max_val'), [-1, 1]);
    case 'clamp':
      return within(at(1, 'min'), at(2, 'max'), [-INFINITY, INFINITY]);
    case 'softmax':
    case 'log_softmax':
      return at(1, 'dim') === -1 ? { is: 'probabilities' } : null;
    default:
      return null;
  }
}

/** A range, whose ends are `usual` where they are not given; null where one is no number that is seen. */
function within(
  low: number | null | undefined,
  high: number | null | undefined,
  usual: readonly [low: number, high: number],
): StepEffect | null {
  if (low === undefined || high === undefined) return null;
  const [from, to] = [low ?? usual[0], high ?? usual[1]];
  return from < to ? clamp(from, to) : null;
}
