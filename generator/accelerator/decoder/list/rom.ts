import {
  clog2,
  type Expr,
  type Int,
  indexBits,
  integer,
  type PortValues,
  requires,
  type Scope,
  set,
  uint,
  when,
} from '../../../hdl/index.js';
import { recordLayout } from '../../build/record.js';
import { layerTableInts, type SideTable } from '../../control/layer-table.js';
import { MATCHES, matched } from '../../images/matches.js';
import { MEM_DIR } from '../../images/names.js';
import type { Rom } from '../../memory/leaf.js';
import { hReadWords, xReadWords } from '../../memory/read-words.js';
import type { Configuration } from '../../plan/configuration.js';
import type { decoderPorts } from '../ports.js';

/** A parameter by its name. */
export type Named = (name: string) => Int;

/** Words of the buffers that a decoder with a ROM beside the weights addresses. */
export function bufferParameters(c: Configuration) {
  return {
    X_BUFFER_WORDS: matched(
      integer(xReadWords(c), 'Words of one buffer of the x memory'),
      MATCHES.room,
    ),
    H_BUFFER_WORDS: matched(
      integer(hReadWords(c), 'Words of one buffer of the h memory'),
      MATCHES.room,
    ),
  };
}

/** What its parameters have to be to one another; `what`: the number in its ROM that makes an address. */
export function romRelations(
  c: Configuration,
  p: Readonly<Record<string, Int>>,
  table: SideTable,
  what: string,
) {
  const of: Named = (name) => p[name] as Int;
  const address = of('ADDRESS_BITS');
  const reach = (side: 'x' | 'h', buffer: Int) =>
    requires(address, '>=', clog2(buffer.times(2)), `ADDRESS_BITS must reach both ${side} buffers`);
  return [
    requires(
      of('LAYER_BITS'),
      '==',
      recordLayout(layerTableInts(c, p, table)).width,
      'LAYER_BITS must be the sum of the fields',
    ),
    requires(address, '>=', of('INDEX_BITS'), `ADDRESS_BITS must hold the number of a ${what}`),
    requires(
      of('WEIGHT_ADDRESS_BITS'),
      '==',
      indexBits(of('LIST_WORDS')),
      'WEIGHT_ADDRESS_BITS must be the bits of an address of the list',
    ),
    reach('x', of('X_BUFFER_WORDS')),
    reach('h', of('H_BUFFER_WORDS')),
  ];
}

/** Its pointer starts at the weights of a layer. */
export const ROM_WAIVERS = [
  { code: 'NO_RESET', path: 'pointer', why: 'load sets it before the first tile of a layer' },
] as const;

/** The ROM beside the weights: a word per tile, `width` bits, there in the cycle behind the tile. `base`: of the weights of the next layer. */
export function tileRom(
  m: Scope,
  io: Pick<PortValues<ReturnType<typeof decoderPorts>>, 'clk' | 'load' | 'advance'>,
  { of, base, width }: { readonly of: Named; readonly base: Expr<'u'>; readonly width: Int },
  romModule: Rom,
): Expr<'u'> {
  const pointerBits = m.local('POINTER_BITS', indexBits(of('LIST_WORDS')));
  const pointer = m.reg('pointer', uint(pointerBits), 'ROM word of the tile');
  m.always(io.clk, [
    when(
      io.load,
      [set(pointer, base.resize(pointerBits))],
      [when(io.advance, [set(pointer, pointer.increment())])],
    ),
  ]);
  const data = m.net('list', uint(width), 'cycle 1');
  m.instance(
    'u_list',
    romModule,
    { clk: io.clk, enable: io.advance, address: pointer, data },
    {
      WIDTH: width,
      DEPTH: of('LIST_WORDS'),
      MEM_DIR,
      INIT_FILE: { parameter: 'LIST_FILE' },
    },
  );
  return data;
}
