import { readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import type { Progress } from '../../base/progress.js';
import type { Device, PlacedFamily } from '../../devices/family.js';
import {
  nextpnrStage,
  parseReport,
  parseUtilization,
  type Utilization,
} from '../report/parse-nextpnr.js';
import type { CriticalPath, Shortage } from '../report/report.js';
import type { FlowDesign, FlowOptions } from '../target.js';
import { complaint, runTool } from '../tools/run-tool.js';
import type { Tool } from '../tools/tools.js';
import { buildFolder } from './yosys.js';

/** Name of the design inside its wrapper. */
const INSTANCE = 'u_design';

/** Seeds tried at high effort. */
export const MOST_SEEDS = 5;

export interface PlacementJob {
  readonly design: FlowDesign;
  readonly family: PlacedFamily;
  readonly device: Device;
  readonly options: FlowOptions;
  readonly nextpnr: Tool;
  /** Makes the bitstream; null: none is made. */
  readonly packer: Tool | null;
  readonly progress: Progress;
}

/** A design in its place on a device, or what it lacks there. */
export interface Placement {
  readonly fits: boolean;
  /** What the device has too little of; none when the design fits, or when only its shape stands in the way. */
  readonly shortages: readonly Shortage[];
  readonly fmaxMHz: number | null;
  readonly criticalPath: CriticalPath | null;
  readonly seed: number;
  /** Relative to the design. */
  readonly files: readonly string[];
}

/**
 * Places and routes the netlist of a design, and makes its bitstream. At high effort several seeds are tried, until
 * the clock asked for is reached, and the fastest result is kept.
 * @throws UserError PLACE_AND_ROUTE_FAILED, BITSTREAM_FAILED with what the tool said
 */
export async function placeAndRoute(job: PlacementJob): Promise<Placement> {
  const { seed: first, effort, clockMHz = Number.POSITIVE_INFINITY } = job.options;
  const tries = effort === 'high' ? MOST_SEEDS : 1;
  let best: Placement | null = null;
  for (let seed = first; seed < first + tries; seed++) {
    const placement = await oneSeed(job, seed);
    if (!placement.fits) return placement;
    if (best === null || (placement.fmaxMHz ?? 0) > (best.fmaxMHz ?? 0)) {
      best = placement;
      for (const file of resultFiles(job)) await rename(tried(file), file);
    }
    if ((best.fmaxMHz ?? 0) >= clockMHz) break;
  }
  for (const file of resultFiles(job)) await rm(tried(file), { force: true });
  const { fits, shortages, fmaxMHz, criticalPath, seed, files } = best as Placement;
  return { fits, shortages, fmaxMHz, criticalPath, seed, files: [...files, ...(await pack(job))] };
}

/** Report and configuration of the best seed, as flow/Makefile leaves them too. */
function resultFiles({
  design,
  family,
}: Pick<PlacementJob, 'design' | 'family'>): readonly [report: string, text: string] {
  const folder = join(design.directory, buildFolder(family.name));
  return [join(folder, 'report.json'), join(folder, `${design.name}${family.place.text[1]}`)];
}

/** Removes the results of an earlier run, so that nobody takes them for those of this one. */
export async function clearResults(job: Pick<PlacementJob, 'design' | 'family'>): Promise<void> {
  const { design, family } = job;
  const bitstream = join(buildFolder(family.name), `${design.name}${family.place.bitstream}`);
  const files = [...resultFiles(job), join(design.directory, bitstream)];
  for (const file of files) await rm(file, { force: true });
}

/** The same of the seed at hand. */
const tried = (file: string): string => `${file}.tried`;

async function oneSeed(job: PlacementJob, seed: number): Promise<Placement> {
  const { design, family, device, options, nextpnr, progress } = job;
  const folder = buildFolder(family.name);
  const { place } = family;
  const [textOption, ending] = place.text;
  const log = join(design.directory, folder, 'nextpnr.log');
  const text = `${folder}/${design.name}${ending}`;
  progress.step(`place and route, seed ${seed}`);
  const { ok, lines } = await runTool({
    tool: nextpnr,
    args: [
      ...[place.deviceFlag(device.name), ...place.options],
      ...['--package', options.package ?? place.packageOf(device.name)],
      ...['--json', `${folder}/${design.name}_pads.json`, '--seed', String(seed)],
      ...['--freq', String(options.clockMHz ?? place.clockMHz), '--timing-allow-fail'],
      ...['--report', tried(`${folder}/report.json`), textOption, tried(text)],
    ],
    directory: design.directory,
    log,
    progress,
    stage: nextpnrStage,
  });
  const nothing = { fmaxMHz: null, criticalPath: null, seed, files: [] };
  if (ok) {
    const report = readFileSync(tried(join(design.directory, folder, 'report.json')), 'utf8');
    const { fmaxMHz, criticalPath } = parseReport(report, INSTANCE);
    const files = [`${folder}/report.json`, text];
    return { fits: true, shortages: [], fmaxMHz, criticalPath, seed, files };
  }
  const shortages = shortagesIn(family, parseUtilization(lines));
  if (shortages.length > 0 || lines.some((line) => NO_PLACE.test(line))) {
    return { fits: false, shortages, ...nothing };
  }
  throw new UserError({
    code: 'PLACE_AND_ROUTE_FAILED',
    message: `${nextpnr.name} ${nextpnr.version} stopped`,
    details: [...complaint(lines), `its log is ${log}`],
    file: log,
  });
}

const NO_PLACE = /^ERROR: Unable to (place|find (legal )?placement)/;

function shortagesIn(
  { place: { resources } }: PlacedFamily,
  table: Utilization,
): readonly Shortage[] {
  return Object.entries(table)
    .filter(([, { used, available }]) => used > available)
    .map(([cell, { used, available }]) => ({
      resource: resources[cell] ?? cell,
      needed: used,
      available,
    }));
}

/** The bitstream, where there is a packer. */
async function pack({
  design,
  family,
  packer,
  progress,
}: PlacementJob): Promise<readonly string[]> {
  if (packer === null) return [];
  const stem = `${buildFolder(family.name)}/${design.name}`;
  const bitstream = `${stem}${family.place.bitstream}`;
  const log = join(design.directory, buildFolder(family.name), `${packer.name}.log`);
  progress.step('bitstream');
  const { ok, lines } = await runTool({
    tool: packer,
    args: [`${stem}${family.place.text[1]}`, bitstream],
    directory: design.directory,
    log,
    progress,
  });
  if (ok) return [bitstream];
  throw new UserError({
    code: 'BITSTREAM_FAILED',
    message: `${packer.name} ${packer.version} stopped`,
    details: [...complaint(lines), `its log is ${log}`],
    file: log,
  });
}
