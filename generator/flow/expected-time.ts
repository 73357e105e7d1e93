import type { Hardware } from '../accelerator/index.js';
import { onFamily } from '../accelerator/resources/on-family.js';
import type { Device } from '../devices/family.js';
import { devicesOf, findDevice, PLACED_FAMILIES } from '../devices/find.js';
import type { ToolSeconds } from '../devices/flow-rules.js';
import { FAMILIES } from '../devices/registry.js';
import { CELL_SECONDS } from './asic/seconds.js';
import { MOST_SEEDS } from './fpga/nextpnr.js';
import type { FlowOptions } from './target.js';

/** Seconds between which a tool, or all of them, should be done. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** A part of the work of `hcgs synth`, and how long it should take. */
export interface ExpectedWork {
  readonly tool: string;
  readonly seconds: Span;
}

/** How far machines and designs are from the few that were measured: half of the time to twice as much. */
const SPREAD = 2;

/** A device of which more than this share of the LUTs is taken can cost the router so many times as much, as one of 69 % did. */
const FULL = { share: 0.6, times: 4 };

type Asked = Pick<FlowOptions, 'device' | 'synthesisOnly' | 'effort' | 'clockMHz'>;

/**
 * Roughly how long the tools take on a design: for each a start and a time for every predicted LUT, as `ToolSeconds` of
 * its family has them. Good for telling a minute from an hour; LUTs are predicted without images, which is quick.
 */
export function expectedWork(
  hardware: Hardware,
  target: string,
  { device: named, synthesisOnly, effort, clockMHz }: Asked,
): readonly ExpectedWork[] {
  const family = FAMILIES.find(({ name }) => name === target);
  // standard cells: the logic is counted as that of a family
  const counted = family ?? PLACED_FAMILIES[0];
  if (counted === undefined) return [];
  const device = named === undefined ? largest(devicesOf(counted)) : findDevice(counted, named);
  const luts = onFamily(counted, hardware, null).on(device).logic.luts;
  const synthesis = work('Yosys', family?.synthesis.seconds ?? CELL_SECONDS, luts);
  const place = family?.place ?? null;
  if (place === null || synthesisOnly || luts > device.luts) return [synthesis];
  const { low, high } = placeSpan(place.seconds, luts, device);
  const [fewest, most] =
    effort === 'high' ? [clockMHz === undefined ? MOST_SEEDS : 1, MOST_SEEDS] : [1, 1];
  return [synthesis, { tool: 'nextpnr', seconds: { low: fewest * low, high: most * high } }];
}

/** Of one seed. */
export function placeSpan(seconds: ToolSeconds, luts: number, device: Pick<Device, 'luts'>): Span {
  const { low, high } = work('nextpnr', seconds, luts).seconds;
  return { low, high: luts > FULL.share * device.luts ? FULL.times * high : high };
}

function largest(devices: readonly Device[]): Device {
  return devices.reduce((most, device) => (device.luts > most.luts ? device : most));
}

function work(tool: string, { start, perLut }: ToolSeconds, luts: number): ExpectedWork {
  const seconds = start + perLut * luts;
  return { tool, seconds: { low: seconds / SPREAD, high: seconds * SPREAD } };
}

/** `about 1 to 3 minutes: Yosys 20 to 80 s, nextpnr 30 to 120 s`. */
export function expectedText(parts: readonly ExpectedWork[]): string {
  const all = parts.reduce(
    (sum, { seconds }) => ({ low: sum.low + seconds.low, high: sum.high + seconds.high }),
    { low: 0, high: 0 },
  );
  const each = parts.map(({ tool, seconds }) => `${tool} ${spanText(seconds)}`);
  return `about ${spanText(all)}${each.length > 1 ? `: ${each.join(', ')}` : ` of ${parts[0]?.tool}`}`;
}

function spanText({ low, high }: Span): string {
  if (high < 100) return range(rounded(low), rounded(high), 's');
  const minutes = (seconds: number): number => Math.max(1, Math.round(seconds / 60));
  return range(minutes(low), minutes(high), 'minutes');
}

function range(low: number, high: number, unit: string): string {
  return low === high ? `${low} ${unit}` : `${low} to ${high} ${unit}`;
}

/** To tens, below ten to ones. */
function rounded(seconds: number): number {
  return seconds < 10 ? Math.max(1, Math.round(seconds)) : 10 * Math.round(seconds / 10);
}
