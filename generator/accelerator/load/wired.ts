import path from 'node:path';
import { integer, type Module, type TypedModule, threaded } from '../../hdl/index.js';
import { enginesOf, type Hardware } from '../chain/chain.js';
import { MATCHES, matched } from '../images/matches.js';
import { onePort } from '../memory/leaf.js';
import { busParameters, busPorts } from './bus.js';
import { type LoadLayout, loadBusWidths } from './layout.js';
import { loadedStore } from './loaded-store.js';

/**
 * A core, or a chain of them, whose ROMs are memories that a load fills: the words of a load come in at its ports and go down to
 * each of them. What reads them stays as it is, so that cycles and values are those of the design with ROMs.
 */
export function wired(core: Module, hardware: Hardware, layout: LoadLayout): TypedModule {
  const widths = loadBusWidths(layout);
  const { name } = hardware;
  const store = loadedStore(name, onePort(name), widths, residentsOf(hardware));
  const roms = new Set(enginesOf(hardware).map((engine) => `${engine.name}_rom`));
  const numbers = new Map(
    layout.stores.map(({ image, number }) => [path.posix.basename(image), number]),
  );
  const number = (file: string): number => {
    const found = numbers.get(file);
    if (found === undefined) throw new Error(`no store has the image ${file}`);
    return found;
  };
  return threaded(core, {
    replace: (module) => (roms.has(module.name) ? store : null),
    parameters: busParameters(widths),
    ports: (p) => busPorts(p, residentsOf(hardware)),
    name: (text) =>
      text === 'MEM_DIR' ? null : text.replace(/^INIT_FILE$/, 'STORE').replace(/FILE/, 'STORE'),
    integer: ({ value, doc }) =>
      matched(
        integer(number(value), `Store of: ${doc}`, 0, layout.stores.length - 1),
        MATCHES.store,
      ),
    number,
  });
}

/** Models that a design keeps at once. */
export function residentsOf(hardware: Hardware): number {
  return enginesOf(hardware)[0].residents ?? 1;
}
