import type { ManifestBody } from '../../../generator/design/manifest/manifest.js';

/** What design.json says of a design with next to nothing in it. */
export const body: ManifestBody = {
  name: 'toy',
  top: 'toy',
  core: 'toy_core',
  parameters: { macs: 4 },
  ports: {},
  trace: {},
  shape: {},
  layers: [],
  memories: [],
  estimate: { cyclesPerFrame: 12 },
  signals: {},
  registers: {},
};
