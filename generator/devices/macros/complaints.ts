import {
  canRead,
  canWrite,
  type Macro,
  type MacroAccess,
  type MacroList,
  pinsOf,
} from './macro.js';

/** What is wrong with a list, and where: a path of keys, and what was expected there. */
export interface MacroComplaint {
  readonly path: readonly (string | number)[];
  readonly expected: string;
}

/** Names inside the models of macros, which no pin may have. */
export const MODEL_PREFIX = 'model_';

/** What no type says about a list of macros. Names are identifiers already. */
export function macroComplaints({ macros, registerBitArea }: MacroList): readonly MacroComplaint[] {
  const names = macros.map(({ name }) => name.toLowerCase());
  const areas = macros.filter(({ area }) => area !== undefined).length;
  const compared: readonly MacroComplaint[] =
    registerBitArea === undefined || areas > 0
      ? []
      : [{ path: ['registerBitArea'], expected: 'none where macros have no area' }];
  const own = macros.flatMap((macro, m) => {
    const at = (path: MacroComplaint['path'], expected: string): MacroComplaint => ({
      path: ['macros', m, ...path],
      expected: `${expected} (${macro.name})`,
    });
    const twice = names.indexOf(macro.name.toLowerCase()) < m;
    return [
      ...(twice ? [at(['name'], 'a name that no macro before it has')] : []),
      ...(macro.latency === 1
        ? []
        : [at(['latency'], '1, as every memory of a design answers one cycle after the address')]),
      ...(areas === 0 || areas === macros.length || macro.area !== undefined
        ? []
        : [at(['area'], 'an area, as other macros of the list have one')]),
      ...macro.ports.flatMap((access, p) => accessComplaints(macro, access, ['ports', p], at)),
      ...pinComplaints(macro, at),
    ];
  });
  return [...compared, ...own];
}

type At = (path: MacroComplaint['path'], expected: string) => MacroComplaint;

function accessComplaints(
  { bits }: Macro,
  access: MacroAccess,
  path: MacroComplaint['path'],
  at: At,
): readonly MacroComplaint[] {
  const { enable, writeEnable, readEnable, mask } = access;
  const [writes, reads] = [canWrite(access), canRead(access)];
  const found: MacroComplaint[] = [];
  const need = (holds: boolean, key: string, expected: string): void => {
    if (!holds) found.push(at([...path, key], expected));
  };
  need(writes || reads, 'dataOut', 'data in or data out');
  need(
    !reads || enable !== undefined || readEnable !== undefined,
    'readEnable',
    'an enable or a read enable, as data out keep their value while nothing is read',
  );
  need(
    !writes || writeEnable !== undefined || (enable !== undefined && !reads),
    'writeEnable',
    'a write enable, or of a port that only writes an enable',
  );
  need(writes || writeEnable === undefined, 'writeEnable', 'none without data in');
  need(reads || readEnable === undefined, 'readEnable', 'none without data out');
  need(writes || mask === undefined, 'mask', 'none without data in');
  need(
    mask === undefined || bits % mask.bits === 0,
    'mask',
    `bits that divide the ${bits} of a word`,
  );
  return found;
}

function pinComplaints(macro: Macro, at: At): readonly MacroComplaint[] {
  const seen = new Set([macro.name.toLowerCase()]);
  return pinsOf(macro).flatMap(({ name, port, use }) => {
    const path = port === null ? ['ties', name] : ['ports', port, use];
    const taken = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return [
      ...(taken ? [at(path, `a pin of its own, and '${name}' stands there twice`)] : []),
      ...(name.toLowerCase().startsWith(MODEL_PREFIX)
        ? [at(path, `a name that does not begin with ${MODEL_PREFIX}`)]
        : []),
    ];
  });
}
