import {
  allOf,
  bit,
  ceilPower2,
  defineModule,
  type Expr,
  high,
  type Int,
  type Module,
  max,
  output,
  type Port,
  type Scope,
  set,
  type TypedModule,
  uint,
} from '../../hdl/index.js';
import type { Protection } from '../plan/configuration.js';
import { checkBits } from './code.js';
import type { Decoder, Encoder } from './codec.js';

/** What a memory says beside its words, a bit each; led up to the top of a design. */
export const FAULT_PORTS = {
  memory_fault: output(bit, 'a word was read that is not as it was stored'),
  memory_lost: output(bit, 'one that cannot be put right'),
};

/** A leaf module whose words get check bits: names of its ports. */
export interface ProtectedLeaf {
  /** Its name ends so, behind that of the design. */
  readonly ending: string;
  readonly clock: string;
  readonly address: string;
  readonly readData: string;
  /** Null: it is never written, and its image has the check bits. */
  readonly writeData: string | null;
  readonly reads: (port: (name: string) => Expr<'u'>) => Expr<'u'>;
}

/** The leaf modules that hold what a model puts on a design: ROMs, and what stands for them where it is loaded. */
export const PROTECTED_LEAVES: readonly ProtectedLeaf[] = [
  {
    ...{ ending: 'rom', clock: 'clk', address: 'address', readData: 'data', writeData: null },
    reads: (port) => port('enable'),
  },
  {
    ...{ ending: 'one_port', clock: 'clk', address: 'address', readData: 'data' },
    writeData: 'write_data',
    reads: (port) => allOf(port('enable'), port('write_enable').not()),
  },
];

/**
 * A module with the ports, parameters and cycles of a leaf that keeps its words with check bits in it: made where a word is written,
 * looked at where one is read. What it found shows two cycles after the address.
 */
export function protectedLeaf(
  prefix: string,
  leaf: Module,
  access: ProtectedLeaf,
  kind: Protection,
  codec: { readonly encoder: Encoder; readonly decoder: Decoder },
): TypedModule {
  const ports = leaf.ports as Record<string, Port>;
  const inner: TypedModule = { ...leaf, portTypes: ports };
  return defineModule({
    name: `${prefix}_protected_${access.ending}`,
    doc: `${leaf.doc} Words are kept with ${kind === 'parity' ? 'a parity bit' : 'the check bits of an extended Hamming code'} above them. A fault shows two cycles after its address.`,
    parameters: leaf.parameters,
    ports: () => ({ ...ports, ...FAULT_PORTS }),
    waivers: ['checked', 'memory_fault', 'memory_lost'].map((path) => ({
      ...{ code: 'NO_RESET', path },
      why: 'what counts faults does not look in the cycle behind a reset',
    })),
    body: (m, parameters, all) => {
      const p = parameters as { readonly WIDTH: Int; readonly DEPTH: Int };
      const io = all as Readonly<Record<string, Expr>>;
      const port = (name: string): Expr<'u'> => io[name] as Expr<'u'>;
      const stored = m.local('STORED_BITS', p.WIDTH.plus(checkBits(kind, p.WIDTH)), 'of a word');
      const word = m.net('word', uint(stored), 'as it is stored');
      m.instance(
        'u_words',
        inner,
        {
          ...Object.fromEntries(Object.keys(ports).map((name) => [name, port(name)])),
          [access.readData]: word,
          ...encoded(m, port, access, p.WIDTH, stored, codec.encoder),
        },
        { ...textsOf(leaf), WIDTH: stored, DEPTH: p.DEPTH },
      );
      const fault = m.net('fault', bit);
      const lost = m.net('lost', bit);
      m.instance(
        'u_decoder',
        codec.decoder,
        { word, data: port(access.readData), fault, lost },
        { WIDTH: p.WIDTH },
      );
      const inRange = m.net('in_range', bit, 'there is a word at the address');
      const address = port(access.address);
      m.ifGenerate(
        'whole',
        ceilPower2(max(p.DEPTH, 2)),
        '==',
        p.DEPTH,
        (scope) => scope.assign(inRange, high),
        (scope) => scope.assign(inRange, address.lt(p.DEPTH)),
        'part',
      );
      const checked = m.reg('checked', bit, 'the word was read in the cycle before');
      m.always(port(access.clock), [
        set(checked, allOf(access.reads(port), inRange)),
        set(port('memory_fault'), allOf(checked, fault)),
        set(port('memory_lost'), allOf(checked, lost)),
      ]);
    },
  });
}

/** The connection of the data of a write, with its check bits; none where there is no write. */
function encoded(
  m: Scope,
  port: (name: string) => Expr<'u'>,
  { writeData }: ProtectedLeaf,
  width: Int,
  stored: Int,
  module: Encoder,
): Readonly<Record<string, Expr>> {
  if (writeData === null) return {};
  const word = m.net('written', uint(stored), 'as it will be stored');
  m.instance('u_encoder', module, { data: port(writeData), word }, { WIDTH: width });
  return { [writeData]: word };
}

/** The text parameters of a leaf, handed on. */
function textsOf({ parameters }: Module) {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { kind }]) =>
      kind === 'text' ? [[name, { parameter: name }] as const] : [],
    ),
  );
}
