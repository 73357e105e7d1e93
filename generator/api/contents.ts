import type { PlannedDesign } from '../cosim/whole/planned-design.js';
import type { Imported } from '../network/import/imported.js';
import type { Model } from '../network/model.js';
import { type Held, held } from './held.js';
import type { CompressedModel, Network, Plan } from './objects.js';

/** A network as it was read, and the hash of its file. */
interface ReadNetwork {
  readonly imported: Imported;
  readonly sha256: string;
}

/** Networks by their objects. */
export const networks: Held<Network, ReadNetwork> = held('network', 'read');

/** Models by their objects. */
export const models: Held<CompressedModel, Model> = held('model', 'compress or read');

/** Planned designs by their objects, with the bytes of their models. */
export const plans: Held<Plan, { readonly planned: PlannedDesign; readonly bytes: Uint8Array }> =
  held('plan', 'plan');
