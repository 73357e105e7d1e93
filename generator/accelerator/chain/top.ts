import { streamsText } from '../build/ports.js';
import { topAbove } from '../top.js';
import { type Chain, enginesOf, lastEngine } from './chain.js';
import { chainCore } from './core.js';
import { chainPorts } from './ports.js';

/** The synthesis top of a chain. */
export function chainTop(chain: Chain) {
  const count = enginesOf(chain).length;
  return topAbove(
    {
      name: chain.name,
      doc: `Sparse recurrent accelerator of ${count} engines in a chain. ${streamsText(lastEngine(chain))}`,
      ports: () => chainPorts(chain),
      hardware: chain,
    },
    chainCore(chain),
  );
}
