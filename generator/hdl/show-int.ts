import type { Int } from './int.js';

/** An elaboration-time integer as a person reads it in a complaint. */
export function showInt(value: Int): string {
  return value.constant !== undefined
    ? String(value.constant)
    : value.terms
        .map((t) =>
          [
            ...(t.coefficient === 1 && t.atoms.length > 0 ? [] : [String(t.coefficient)]),
            ...t.atoms.map((a) =>
              a.kind === 'call' ? `${a.fn}(${a.args.map(showInt).join(', ')})` : a.name,
            ),
          ].join('*'),
        )
        .join(' + ');
}
