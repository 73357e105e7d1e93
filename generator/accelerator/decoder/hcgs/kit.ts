import type { Expr, Int, PortValues, Scope } from '../../../hdl/index.js';
import type { Side } from '../../control/layer-table.js';
import type { Pipelined } from '../../pipeline/registers.js';
import type { decoderPorts } from '../ports.js';
import type { LevelConfiguration } from './configuration.js';
import type { HcgsWidths } from './table.js';

/** The parameters of the decoder: which there are depends on the number of levels. */
export type HcgsInts = Readonly<Record<string, Int>>;

/** What every part of the decoder works with. */
export interface HcgsKit {
  /** Which registers stand. */
  readonly c: Pipelined;
  readonly levels: readonly LevelConfiguration[];
  readonly m: Scope;
  readonly p: HcgsInts;
  readonly io: PortValues<ReturnType<typeof decoderPorts>>;
  readonly widths: HcgsWidths<Int>;
  /** A field of the word of the running layer, and that of the next one. */
  readonly now: (name: string) => Expr<'u'>;
  readonly next: (name: string, width: Int) => Expr<'u'>;
  /** The field of the side that the tile belongs to. */
  readonly field: (name: (side: Side) => string) => Expr<'u'>;
}
