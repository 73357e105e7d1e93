import { isChain } from '../../accelerator/index.js';
import { type Design, designHardware } from '../../design/read/read.js';
import { devicesOf } from '../../devices/find.js';
import { FAMILIES } from '../../devices/registry.js';
import { type Advice, adviceFor } from '../../flow/report/advice.js';
import type { FlowReport } from '../../flow/report/report.js';
import { parseModel } from '../../network/compressed-model.js';

/** What should fit, for a design that does not fit its device; null for one that does, and for a chain. */
export function adviceOn(
  { manifest, files, modelPath }: Design,
  report: FlowReport,
): Advice | null {
  const { fits, luts, registers } = report;
  const device = FAMILIES.flatMap(devicesOf).find(({ name }) => name === report.device);
  const hardware = designHardware(manifest);
  // what would fit is looked for by plans of one engine
  if (fits || device === undefined || isChain(hardware)) return null;
  const bytes = files.get(manifest.model.file);
  if (bytes === undefined) throw new Error('the manifest does not list the model');
  const model = parseModel(bytes, modelPath);
  const counted = { luts: luts ?? 0, registers: registers ?? 0 };
  return adviceFor(hardware, model, device, counted);
}
