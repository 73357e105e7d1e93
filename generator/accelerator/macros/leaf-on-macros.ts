import {
  defineModule,
  type Expr,
  type Int,
  int,
  type Module,
  type Port,
  type Scope,
  type TypedModule,
} from '../../hdl/index.js';
import type { LeafAccess } from '../memory/leaf.js';
import type { StoreSize } from '../memory/store.js';
import type { MacroGrid } from './grid.js';
import { type GridSignals, placeGrid } from './place-grid.js';

/** A size of a leaf with the macros that hold it. */
export interface PlacedSize extends StoreSize {
  readonly grid: MacroGrid;
}

/** What stands for a leaf module that has macros: plain words stay in a module of this name, for other sizes. */
export function wordsName(leaf: string): string {
  return `${leaf}_words`;
}

/**
 * A leaf module whose memory is a grid of macros where its WIDTH and DEPTH are those of a memory of this design, and plain words
 * at any other. Ports, parameters and cycles are those of the leaf. `modelOf`: the module of a macro.
 */
export function leafOnMacros(
  leaf: Module,
  access: LeafAccess,
  sizes: readonly PlacedSize[],
  modelOf: (grid: MacroGrid) => TypedModule,
): Module {
  const plain: TypedModule = {
    ...leaf,
    name: wordsName(leaf.name),
    portTypes: leaf.ports as Record<string, Port>,
  };
  return defineModule({
    name: leaf.name,
    doc: `${leaf.doc} Where the size is that of a memory of this design, macros hold it, which start with any words and promise none where one is read and written at once; plain words at any other size.`,
    parameters: leaf.parameters,
    ports: () => leaf.ports as Record<string, Port>,
    body: (m, parameters, io) => {
      const p = parameters as { readonly WIDTH: Int; readonly DEPTH: Int };
      const port = (name: string): Expr<'u'> => io[name] as Expr<'u'>;
      const words = (scope: Scope): void =>
        scope.instance('u_words', plain, io as Readonly<Record<string, Expr>>, { ...p });
      const signals: GridSignals = {
        clock: port(access.clock),
        width: p.WIDTH,
        write: port(access.write.address),
        writeData: port(access.write.data),
        writes: access.write.enable(port),
        read: port(access.read.address),
        readData: port(access.read.data),
        reads: access.read.enable(port),
      };
      const widths = [...new Set(sizes.map(({ width }) => width))];
      const byDepth = (scope: Scope, left: readonly PlacedSize[]): void => {
        const [size, ...others] = left;
        if (size === undefined) {
          words(scope);
          return;
        }
        oneOf(
          scope,
          'depth',
          p.DEPTH,
          size.words,
        )(
          (inner) => placeGrid(inner, size, size.grid, signals, modelOf(size.grid)),
          (inner) => byDepth(inner, others),
        );
      };
      const byWidth = (scope: Scope, left: readonly number[]): void => {
        const [width, ...others] = left;
        if (width === undefined) {
          words(scope);
          return;
        }
        oneOf(
          scope,
          'width',
          p.WIDTH,
          width,
        )(
          (inner) =>
            byDepth(
              inner,
              sizes.filter((size) => size.width === width),
            ),
          (inner) => byWidth(inner, others),
        );
      };
      byWidth(m, widths);
    },
  });
}

/** A generate condition on a parameter, with labels that say it. */
function oneOf(scope: Scope, what: string, parameter: Int, value: number) {
  return (then: (scope: Scope) => void, otherwise: (scope: Scope) => void): void =>
    scope.ifGenerate(
      `${what}${value}`,
      parameter,
      '==',
      int(value),
      then,
      otherwise,
      `not_${what}${value}`,
    );
}
