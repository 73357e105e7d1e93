import {
  concat,
  type Expr,
  type Int,
  literal,
  repeat,
  type Scope,
  set,
  uint,
  when,
} from '../../hdl/index.js';

/** When operands, in cycles behind them, are added: `stages`: their sum; valid and first bits by such cycles. */
export function sumCycles(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst' | 'valid', Expr<'u'>>> & {
    readonly first?: Expr<'u'> | undefined;
  },
  { held, levels }: { readonly held: boolean; readonly levels: Int },
): { readonly stages: Int; readonly valid: Expr<'u'>; readonly first: Expr<'u'> | undefined } {
  const cycles = levels.plus(held ? 1 : 0);
  if (cycles.equals(0)) {
    if (io.first !== undefined) m.unused('rst', io.rst);
    return { stages: cycles, valid: io.valid, first: io.first };
  }
  const stages = m.local('SUM_STAGE', cycles, 'cycles from operands to their sum');
  const valid = m.net('valid_at', uint(cycles.plus(1)), 'bit n: operands came n cycles ago');
  const first = io.first && m.net('first_at', uint(cycles.plus(1)), 'bit n: they started a sum');
  const validLine = m.reg('valid_line', uint(stages));
  const firstLine = first && m.reg('first_line', uint(stages));
  m.assign(valid, concat(validLine, io.valid));
  if (first && firstLine && io.first) m.assign(first, concat(firstLine, io.first));
  m.always(io.clk, [
    when(io.rst, [set(validLine, literal(0, stages))], [set(validLine, valid.part(0, stages))]),
    ...(first && firstLine ? [set(firstLine, first.part(0, stages))] : []),
  ]);
  return { stages, valid, first };
}

/**
 * Ends of sums, by row group: told when operands come, known when they are added. The next operands start a sum.
 * Returns whether a row group starts one.
 */
export function queueEnds(
  m: Scope,
  io: Readonly<Record<'clk' | 'rst' | 'ends', Expr<'u'>>> & {
    readonly finished?: Expr<'u'> | undefined;
  },
  stages: Int,
  valid: Expr<'u'>,
): Expr<'u'> {
  const { width } = io.ends;
  const now = m.net('ends_now', uint(width), 'the operands that are added end their sums');
  if (stages.equals(0)) {
    m.assign(now, io.ends);
  } else {
    const at = m.net('ends_at', uint(width.times(stages.plus(1))), '[cycles ago][row group]');
    const line = m.reg('ends_line', uint(width.times(stages)));
    m.assign(at, concat(line, io.ends));
    m.always(io.clk, [set(line, at.part(0, width.times(stages)))]);
    m.assign(now, at.part(width.times(stages), width));
  }
  const fresh = m.reg('fresh', uint(width), 'the next operands start a sum');
  const ones = repeat(width, literal(1, 1));
  m.always(io.clk, [
    when(
      io.rst,
      [set(fresh, ones), set(io.finished as Expr<'u'>, literal(0, width))],
      [
        when(valid.bit(stages), [set(fresh, now)]),
        set(io.finished as Expr<'u'>, now.and(repeat(width, valid.bit(stages)))),
      ],
    ),
  ]);
  return fresh;
}
