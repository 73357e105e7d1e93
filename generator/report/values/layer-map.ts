import { unexpected } from '../../base/errors.js';
import type { FloatModel } from '../../network/float/model.js';
import { layersOf, type Program } from '../../network/program.js';

/**
 * The layer of the compressed model that computes each layer of the float network: a GRU with the reset before the product is two
 * passes, of which the second writes h. @throws UserError FLOAT_DIFFERS where the two are not the same network
 */
export function layersBeside(
  { layers }: Pick<FloatModel, 'layers'>,
  program: Program,
  file: string,
): readonly number[] {
  const own = layersOf(program);
  const places: number[] = [];
  let next = 0;
  for (const [l, { cells, reset, cell }] of layers.entries()) {
    if (reset === 'before') next++;
    const pass = own[next];
    if (pass === undefined || pass.rows !== cells) {
      const got = `${cell} of ${cells} cells`;
      const expected =
        pass === undefined ? `${l} layers` : `${pass.cell} of ${pass.rows} cells, as in the model`;
      throw unexpected(
        { code: 'FLOAT_DIFFERS', file, field: `layer.${l}`, expected, got },
        `${file}: this is not the network that the model was made of: layer ${l}`,
      );
    }
    places.push(next++);
  }
  if (next !== own.length) {
    throw unexpected(
      {
        ...{ code: 'FLOAT_DIFFERS', file, field: 'layers' },
        ...{ expected: own.length, got: next },
      },
      `${file}: this is not the network that the model was made of: layers`,
    );
  }
  return places;
}
