import {
  actsLow,
  type ControlPin,
  type MacroAccess,
  type MaskPin,
  pinName,
  pinsOf,
  type Tie,
  tieBits,
} from '../../devices/macros/macro.js';
import {
  type Expr,
  high,
  low,
  repeat,
  type Scope,
  type TypedModule,
  uint,
} from '../../hdl/index.js';
import type { MacroGrid } from './grid.js';

/** What one macro of a grid gets: addresses and data of its own width. */
export interface MacroSignals {
  readonly clock: Expr<'u'>;
  readonly writes: Expr<'u'>;
  readonly write: Expr<'u'>;
  readonly writeData: Expr<'u'>;
  readonly reads: Expr<'u'>;
  readonly read: Expr<'u'>;
  readonly readData: Expr<'u'>;
}

/** One macro of a grid: every pin connected, at the levels at which it acts. A port, or half of one, without a use does nothing. */
export function connectMacro(
  scope: Scope,
  grid: MacroGrid,
  model: TypedModule,
  signals: MacroSignals,
): void {
  const { macro } = grid;
  const pins = macro.ports.flatMap((access, k) => accessPins(scope, grid, access, k, signals));
  const ties = Object.entries(macro.ties ?? {}).map(([name, tie]): [string, Expr] => [
    name,
    levels(tie),
  ]);
  scope.instance('u_macro', model, Object.fromEntries([...pins, ...ties]));
}

function accessPins(
  scope: Scope,
  { macro, write, read }: MacroGrid,
  access: MacroAccess,
  k: number,
  s: MacroSignals,
): readonly (readonly [string, Expr])[] {
  const [isWrite, isRead] = [access === write, access === read];
  const writes = isWrite ? s.writes : low;
  const reads = isRead ? s.reads : low;
  const acts = isWrite && isRead ? writes.or(reads) : isWrite ? writes : reads;
  const bitsOf = (name: string): number =>
    pinsOf(macro).find((pin) => pin.name === name)?.bits ?? 1;
  const zeros = (name: string): Expr<'u'> => repeatBit(bitsOf(name), low);
  const control = (pin: ControlPin | undefined, value: Expr<'u'>) =>
    pin === undefined ? [] : [[pinName(pin), atLevel(pin, value)] as const];
  return [
    [access.clock, s.clock],
    ...control(access.enable, acts),
    ...control(access.writeEnable, writes),
    ...control(access.readEnable, reads),
    [access.address, addressOf(isWrite, isRead, s) ?? zeros(access.address)],
    ...(access.dataIn === undefined
      ? []
      : [[access.dataIn, isWrite ? s.writeData : zeros(access.dataIn)] as const]),
    ...(access.mask === undefined ? [] : [maskPin(access.mask, bitsOf(access.mask.pin), isWrite)]),
    ...(access.dataOut === undefined
      ? []
      : [[access.dataOut, isRead ? s.readData : leftOver(scope, k, macro.bits)] as const]),
  ];
}

/** The address of a port; of one that writes and reads in turn, that of the one that it does. Null: it does neither. */
function addressOf(isWrite: boolean, isRead: boolean, s: MacroSignals): Expr<'u'> | null {
  if (isWrite && isRead) return s.write === s.read ? s.write : s.writes.choose(s.write, s.read);
  if (isWrite) return s.write;
  return isRead ? s.read : null;
}

/** Whole words are written: all bits, or none. */
function maskPin(mask: MaskPin, bits: number, writes: boolean): readonly [string, Expr] {
  return [mask.pin, repeatBit(bits, actsLow(mask) === writes ? low : high)];
}

/** Data out of a port that is not read. */
function leftOver(scope: Scope, k: number, bits: number): Expr<'u'> {
  const net = scope.net(`unread_${k}`, uint(bits));
  scope.unused(`unread_${k}`, net);
  return net;
}

function atLevel(pin: ControlPin, value: Expr<'u'>): Expr<'u'> {
  if (!actsLow(pin)) return value;
  return value === low ? high : value.not();
}

function levels(tie: Tie): Expr<'u'> {
  const value = typeof tie === 'number' ? tie : tie.value;
  return repeatBit(tieBits(tie), value === 1 ? high : low);
}

function repeatBit(bits: number, value: Expr<'u'>): Expr<'u'> {
  return bits === 1 ? value : repeat(bits, value);
}
