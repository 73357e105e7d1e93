import { UserError } from '../base/errors.js';
import { tracedLayers, tracedPasses } from '../design/manifest/trace.js';
import { CELLS } from '../network/cells/registry.js';
import { type Role, shownOf } from '../network/cells/shown.js';
import type { Model } from '../network/model.js';
import { programOf } from '../network/program.js';
import type { Trace } from './trace.js';

type Plain = object | string | number | null | undefined;

/**
 * Holds the trace that a manifest describes against what the model's cells show: a value under a wrong name, or of a wrong
 * width, would be compared with something else.
 * @throws UserError DESIGN_RECORDS with the field that differs
 */
export function checkTrace(directory: string, trace: Trace, model: Model): void {
  const differ = (field: string, expected: Plain, got: Plain): void => {
    const [wanted, found] = [JSON.stringify(expected), JSON.stringify(got)];
    if (wanted === found) return;
    throw new UserError({
      code: 'DESIGN_RECORDS',
      message: `${directory}/design.json does not describe what its model shows: trace.${field} must be ${wanted}, is ${found}; generate the design anew`,
      file: directory,
      field: `trace.${field}`,
      expected: wanted,
      got: found,
    });
  };
  const { words } = programOf(model);
  // how wide sums are is up to the hardware
  const bits: Readonly<Record<Role, number | null>> = {
    ...{ sums: null, state: words.cell, value: words.activation },
  };
  const places = trace.records.flatMap(({ tensors }, r) =>
    tensors.map((tensor, t) => ({ tensor, at: `records.${r}.tensors.${t}` })),
  );
  for (const { cell } of tracedPasses(model)) {
    const shown = shownOf(CELLS[cell]);
    differ(
      'records',
      shown.map(({ role }) => role),
      places.map(({ tensor }) => tensor.role),
    );
    for (const [n, { tensor, at }] of places.entries()) {
      differ(`${at}.name`, shown[n]?.name, tensor.name);
      differ(`${at}.channels`, shown[n]?.channels, tensor.channels);
      differ(`${at}.bits`, bits[tensor.role] ?? tensor.bits, tensor.bits);
    }
  }
  const layers = tracedLayers(model);
  differ('layers.length', layers.length, trace.layers.length);
  for (const [n, layer] of layers.entries()) differ(`layers.${n}`, layer, trace.layers[n]);
}
