import { type Diagnostic, type DiagnosticCode, joinPath } from '../../diagnostics.js';
import { Int, int } from '../../int.js';
import type { Item } from '../../module.js';
import { showInt } from '../../show-int.js';
import { eachInstance } from '../names/instances.js';
import { targetOf } from '../walk/exprs.js';
import type { Subject } from '../walk/points.js';

type Instance = Extract<Item, { kind: 'instance' }>;

/** Ports of instances: left open, unknown, of another width than what is connected, outputs on expressions. */
export function checkConnections({ module, uses }: Subject): Diagnostic[] {
  return eachInstance(module.items, uses.scope).flatMap(([item, { path }]) => {
    const { site } = item;
    const complaint = (code: DiagnosticCode, port: string, message: string): Diagnostic => ({
      ...{ code, message, site },
      path: joinPath(path, item.name, port),
    });
    const unknown = Object.keys(item.ports).filter((name) => !(name in item.module.ports));
    return [
      ...unknown.map((name) =>
        complaint('UNKNOWN_PORT', name, `${item.module.name} has no port ${name}`),
      ),
      ...Object.entries(item.module.ports).flatMap(([name, port]) => {
        const value = item.ports[name];
        if (value === undefined) {
          return [complaint('UNCONNECTED_PORT', name, `${port.direction} ${name} is left open`)];
        }
        const expected = outside(port.type.width, item);
        const what = `${showInt(expected)} bits and ${showInt(value.width)} bits`;
        return [
          ...(expected.equals(value.width) ? [] : [complaint('WIDTH_MISMATCH', name, what)]),
          ...(port.direction === 'input' || targetOf(value) !== null
            ? []
            : [complaint('NEEDS_NAME', name, 'an output on an expression')]),
        ];
      }),
    ];
  });
}

/** A width of the instantiated module in terms of the parameters of the module around it. */
function outside(width: Int, item: Instance): Int {
  return width.substitute((name) => {
    const given = item.parameters[name];
    if (given instanceof Int) return given;
    const own = item.module.parameters[name];
    return int(own?.kind === 'integer' ? own.value : 0);
  });
}
