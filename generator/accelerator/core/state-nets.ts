import type { Expr } from '../../hdl/index.js';

/** What reaches the memories of h and c beside the frames. */
export interface StateNets {
  readonly active: Expr<'u'>;
  readonly h: Readonly<Record<'write' | 'address' | 'data' | 'read' | 'from' | 'word', Expr<'u'>>>;
  /** Null where cells keep nothing. */
  readonly c: Readonly<Record<'write' | 'read' | 'address' | 'data' | 'word', Expr<'u'>>> | null;
  readonly restored: Expr<'u'>;
}
