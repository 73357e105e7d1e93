import { engineCuts, enginesOf } from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import type { Model } from '../../network/model.js';
import { type Design, designHardware } from './read.js';

/**
 * Where the engines of a design have its model cut, as its layers say: the first pass of each engine but the first one.
 * @throws UserError DESIGN_RECORDS where they say nothing that the model can be cut at
 */
export function designCuts({ directory, manifest }: Design, model: Model): readonly number[] {
  const { length } = enginesOf(designHardware(manifest));
  if (length === 1) return [];
  const engines = manifest.layers.map(({ engine }) => engine);
  const cuts = Array.from({ length: length - 1 }, (_, k) => engines.indexOf(k + 1));
  const ofPass = (pass: number) => cuts.filter((cut) => cut <= pass).length;
  const places = engineCuts(model);
  if (
    engines.length === model.passes.length &&
    engines.every((engine, pass) => engine === ofPass(pass)) &&
    cuts.every((cut, k) => places.includes(cut) && cut > (cuts[k - 1] ?? 0))
  ) {
    return cuts;
  }
  const field = 'layers.engine';
  const expected = `the passes of the model in turn on ${length} engines, cut where one vector goes on`;
  const message = `${directory}/design.json: ${field}: expected ${expected}; generate the design anew`;
  throw new UserError({ code: 'DESIGN_RECORDS', message, file: directory, field, expected });
}
