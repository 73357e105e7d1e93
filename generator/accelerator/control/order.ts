import type { Expr, Int, PortValues, Scope } from '../../hdl/index.js';
import type { Configuration } from '../plan/configuration.js';
import type { sequencerPorts } from './sequencer-ports.js';

/** What every order works with. */
export interface OrderKit {
  readonly c: Configuration;
  readonly m: Scope;
  readonly io: PortValues<ReturnType<typeof sequencerPorts>>;
  readonly running: Expr<'u'>;
  /** Bits of the number of a layer. */
  readonly numberBits: Int;
  /** Most frames of an utterance, in the order of sequences. */
  readonly maxFrames: Int | undefined;
}

type Signals<K extends string> = Readonly<Record<K, Expr<'u'>>>;

/** The order in which the sequencer goes through layers, frames and streams. Parts of the sequencer, in the order of its text. */
export interface TimeOrder {
  /** What `in_flight` counts; null: the order counts by itself. */
  readonly inFlight: string | null;
  /** What the first completing half of a layer that waits is waiting for. */
  readonly waits: string;
  /** What such a half reads is still under way. */
  readonly underWay: (field: (name: string) => Expr<'u'>, inFlight: Expr<'u'> | null) => Expr<'u'>;
  /** Further reasons to wait. */
  readonly hold: (field: (name: string) => Expr<'u'>, inFlight: Expr<'u'> | null) => Expr<'u'>[];
  /** Says when a frame, or what is computed together, starts, and when the next layer is loaded. */
  readonly starts: (signals: Signals<'layerDone' | 'lastLayer' | 'fetched'>) => void;
  /** What a tile reads of the frame before is of a `before` ago. */
  readonly before: string;
  /** Where the activations of a tile are. */
  readonly place: (before: Expr<'u'>, field: (name: string) => Expr<'u'>) => void;
  /** What has to hold so that a last read of the input is the last one. */
  readonly released: readonly Expr<'u'>[];
  /** Registers of frames and layers. */
  readonly registers: (
    layers: Signals<'fetch' | 'fetched'>,
    next: (name: string) => Expr<'u'>,
    named: Signals<'last' | 'weights'>,
  ) => void;
  /** What counts as under way begins with this, where that is not each set. */
  readonly counted: (layerDone: Expr<'u'>) => Expr<'u'> | undefined;
}
