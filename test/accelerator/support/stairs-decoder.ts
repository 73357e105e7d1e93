import { defineBlock } from '../../../generator/accelerator/build/define-block.js';
import { recordLayout } from '../../../generator/accelerator/build/record.js';
import {
  layerTableInts,
  layerTableParameters,
  type SideTable,
} from '../../../generator/accelerator/control/layer-table.js';
import type { DecoderKind } from '../../../generator/accelerator/decoder/decoder.js';
import { type DecoderModule, decoderPorts } from '../../../generator/accelerator/decoder/ports.js';
import { matrixEnd, presentColumns } from '../../../generator/accelerator/decoder/present.js';
import { MATCHES, matched } from '../../../generator/accelerator/images/matches.js';
import { hReadWords, xReadWords } from '../../../generator/accelerator/memory/read-words.js';
import { DECODER, trackOf } from '../../../generator/accelerator/pipeline/tracks.js';
import {
  addressStreams,
  type Configuration,
  type DecoderConfiguration,
} from '../../../generator/accelerator/plan/configuration.js';
import {
  type Expr,
  type Int,
  integer,
  literal,
  parameterValue,
  Stages,
  set,
  uint,
  when,
} from '../../../generator/hdl/index.js';
import type { SparseMatrix } from '../../../generator/network/model.js';
import { type Stairs, widthAt } from '../../sparsity/support/stairs.js';

const patternsOf = ({ patterns }: SparseMatrix) => patterns as unknown as readonly Stairs[];

/** Nothing but where a side starts and where its matrix ends, which every table has. */
const table: SideTable = {
  numbers: () => [],
  ints: () => [],
  parameters: () => ({}),
  addressBits: () => 1,
};

function module(c: Configuration): DecoderModule {
  return defineBlock({
    name: `${c.name}_stairs_decoder`,
    doc: 'Walks a matrix from its first column on, as far as the job says.',
    parameters: {
      ...layerTableParameters(c, table),
      STREAMS: matched(
        integer(addressStreams(c), 'Activation addresses per cycle'),
        MATCHES.streams,
      ),
      X_BUFFER_WORDS: matched(integer(xReadWords(c), 'Words of an x buffer'), MATCHES.room),
      H_BUFFER_WORDS: matched(integer(hReadWords(c), 'Words of an h buffer'), MATCHES.room),
    },
    ports: (p) => decoderPorts(p, 'jobs'),
    body: (m, p, io) => {
      const of = (name: string): Int => (p as Readonly<Record<string, Int>>)[name] as Int;
      const places = recordLayout(layerTableInts(c, p, table)).places(m, 'field');
      m.unused('fields', io.load, io.layer, io.next_layer, io.tile_first);
      const field = (name: (side: 'x' | 'h') => string) =>
        io.x_side.choose(places(io.layer, name('x')), places(io.layer, name('h')));
      const width = of('ADDRESS_BITS');
      const tile = m.reg('tile', uint(width), 'word of the matrix');
      const none = literal(0, width);
      m.always(io.clk, [
        when(
          io.rst,
          [set(tile, none)],
          [when(io.advance, [set(tile, io.tile_last.choose(none, tile.increment()))])],
        ),
      ]);
      const words = m.wire(
        'buffer_words',
        io.from_input.choose(
          parameterValue(of('X_BUFFER_WORDS'), width),
          parameterValue(of('H_BUFFER_WORDS'), width),
        ),
      );
      const stages = new Stages(m, io.clk, trackOf(c, DECODER), () => io.advance);
      const stage = (n: number) => stages.at(n - 1);
      const base = stages.reg(stage(1), 'base', uint(width));
      const start = stages.reg(stage(2), 'start', uint(width));
      const startLate = stages.reg(stage(3), 'start_late', uint(width));
      const word = stages.reg(stage(4), 'word', uint(width));
      const at = [1, 2, 3, 4].map((n) => stages.reg(stage(n), `tile_at_${n}`, uint(width)));
      const [at1 = tile, at2 = tile, at3 = tile, place = tile] = at;
      const end = matrixEnd(m, c, io.clk, field);
      const source = m.wire(
        'source',
        field((s) => `${s}_source`),
      );
      stages.set(
        stages.free(
          stage(1),
          set(base, source.addWrap((io.upper_buffer as Expr<'u'>).choose(words, none))),
          set(at1, tile),
        ),
        stages.free(stage(2), set(start, base.addWrap(at1)), set(at2, at1)),
        stages.free(stage(3), set(startLate, start), set(at3, at2)),
        stages.free(stage(4), set(word, startLate), set(place, at3)),
      );
      const columns = of('TILE_COLS');
      m.forEach('stream', of('STREAMS'), (stream, scope) => {
        scope.assign(io.address.part(stream.times(width), width), word);
        const present = io.present.part(stream.times(columns), columns);
        presentColumns(scope, io.clk, place, end, present);
      });
    },
  });
}

/** A decoder that only tests have: sets of a pass differ in their tiles, and some have none. */
export const STAIRS_DECODER: DecoderKind = {
  counts: 'jobs',
  units: () => [],
  tiles: (matrix, tiling, perSet) => (set) => {
    const own = Array.from({ length: perSet }, (_, i) => set * perSet + i);
    const widths = patternsOf(matrix).flatMap((pattern) => own.map((row) => widthAt(pattern, row)));
    return Math.ceil(Math.max(...widths) / tiling.tileColumns);
  },
  columns: (matrix, tiling) =>
    Int32Array.from(
      { length: Math.ceil(matrix.columns / tiling.tileColumns) },
      (_, n) => n * tiling.tileColumns,
    ),
  configure: (_, tiling) => ({
    streamShare: tiling.rowGroups,
    decoder: { kind: 'stairs' } as unknown as DecoderConfiguration,
  }),
  limits: () => ({}),
  demands: () => [],
  table,
  record: () => ({}),
  stores: () => [],
  module,
};
