import {
  allOf,
  bit,
  type Expr,
  indexBits,
  input,
  integer,
  output,
  repeat,
  requires,
  type Scope,
  uint,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { MATCHES, matched } from '../images/matches.js';
import type { OnePort } from '../memory/leaf.js';
import { busParameters, busPorts } from './bus.js';
import type { LoadBusWidths } from './layout.js';

/** A memory that a load fills and the design reads: stands where a ROM stood, with the number of its store in place of an image. */
export function loadedStore(
  prefix: string,
  leaf: OnePort,
  widths: LoadBusWidths,
  residents: number,
) {
  const several = residents > 1;
  return defineBlock({
    name: `${prefix}_loaded_store`,
    doc: `Memory of words that a load writes and the design reads, never both at once${several ? `: ${residents} resident models, each in a memory of its own, of which the one of \`model\` is read` : ''}. Latency: one cycle.`,
    parameters: {
      WIDTH: matched(integer(8, 'Bits of a word', 1, 2 ** 16), MATCHES.instance),
      DEPTH: matched(integer(2, 'Words'), MATCHES.instance),
      STORE: matched(integer(0, 'Number of the store in a load', 0), MATCHES.instance),
      ...busParameters(widths),
    },
    relations: (p) => [
      requires(
        p.STORE_ADDRESS_BITS,
        '>=',
        indexBits(p.DEPTH),
        'STORE_ADDRESS_BITS must reach DEPTH',
      ),
      requires(p.STORE_DATA_BITS, '>=', p.WIDTH, 'STORE_DATA_BITS must be WIDTH at least'),
    ],
    ports: (p) => ({
      clk: input(bit),
      enable: input(bit, 'data keeps its value while low'),
      address: input(uint(indexBits(p.DEPTH))),
      data: output(uint(p.WIDTH)),
      ...busPorts(p, residents),
    }),
    body: (m, p, io) => {
      const { store_place: place, model } = io;
      const addressBits = m.local(indexBits(p.DEPTH));
      const asked = m.wire(allOf(io.store_write, io.store_number.eq(p.STORE)));
      m.unused('bus', io.store_address, io.store_data);
      const memory = (scope: Scope, write: Expr<'u'>, enable: Expr<'u'>, data: Expr<'u'>): void =>
        scope.instance(
          'u_words',
          leaf,
          {
            clk: io.clk,
            enable: enable.or(write),
            write_enable: write,
            address: write.choose(io.store_address.part(0, addressBits), io.address),
            write_data: io.store_data.part(0, p.WIDTH),
            data,
          },
          { WIDTH: p.WIDTH, DEPTH: p.DEPTH },
        );
      if (place === undefined || model === undefined) {
        memory(m, asked, io.enable, io.data);
        return;
      }
      const chosen = m.orOver('place', residents, 'chosen', p.WIDTH, (n, scope) => {
        const write = scope.wire('write', allOf(asked, place.eq(n)));
        const read = scope.wire('read', model.eq(n));
        const word = scope.net('word', uint(p.WIDTH));
        memory(scope, write, allOf(io.enable, read), word);
        return scope.wire('gated', repeat(p.WIDTH, read).and(word));
      });
      m.assign(io.data, chosen);
    },
  });
}

export type LoadedStoreModule = ReturnType<typeof loadedStore>;
