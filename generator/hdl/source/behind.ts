import type { Expansion, SignalNode } from './expand.js';

/**
 * Paths of the registers and memories that hold the value of a signal first: from the signal back through wires,
 * ports and registers that only pass bits on, to those that take a computed value, and to memories.
 */
export function registersBehind({ nodes }: Expansion, path: string): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (at: string): void => {
    const node = nodes.get(at);
    if (node === undefined || seen.has(at)) return;
    seen.add(at);
    if (node.kind === 'memory') found.add(at);
    else if (node.kind === 'wire') node.from.forEach(visit);
    else {
      const { computes, registers } = cone(node, at);
      if (computes || registers.size === 0) found.add(at);
      else registers.forEach(visit);
    }
  };
  visit(path);
  return [...found];

  /** What a register takes: the registers and memories before it, and whether something is computed on the way. */
  function cone(register: SignalNode, own: string) {
    let computes = register.computes;
    const registers = new Set<string>();
    const passed = new Set<string>();
    const pass = (at: string): void => {
      const node = nodes.get(at);
      if (node === undefined || passed.has(at) || at === own) return;
      passed.add(at);
      if (node.kind !== 'wire') registers.add(at);
      else {
        computes ||= node.computes;
        node.from.forEach(pass);
      }
    };
    register.from.forEach(pass);
    return { computes, registers };
  }
}
