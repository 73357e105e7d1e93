import { describe, expect, test } from 'vitest';
import {
  bit,
  defineModule,
  emitDesign,
  input,
  output,
  replaceModules,
} from '../../generator/hdl/index.js';

const ports = () => ({ a: input(bit), y: output(bit) });

const gate = (name: string, inverts: boolean) =>
  defineModule({
    name,
    doc: 'A gate.',
    parameters: {},
    ports,
    body: (m, _, io) => m.assign(io.y, inverts ? io.a.not() : io.a),
  });

const above = (name: string, below: ReturnType<typeof gate>) =>
  defineModule({
    name,
    doc: 'A module with one in a loop and a condition.',
    parameters: {},
    ports,
    body: (m, _, io) =>
      m.forEach('i', 1, (i, inner) =>
        inner.ifGenerate('only', i, '==', 0, (scope) =>
          scope.instance('u_below', below, { a: io.a, y: io.y }),
        ),
      ),
  });

describe('modules in place of others', () => {
  const [wire, other] = [gate('wire_gate', false), gate('other_gate', false)];
  const top = defineModule({
    name: 'top',
    doc: 'Two branches.',
    parameters: {},
    ports: () => ({ a: input(bit), y: output(bit), z: output(bit) }),
    body: (m, _, io) => {
      m.instance('u_first', above('first', wire), { a: io.a, y: io.y });
      m.instance('u_second', above('second', other), { a: io.a, y: io.z });
    },
  });

  test('stand in loops and conditions, and leave what is beside them as it was', () => {
    const inverter = gate('wire_gate', true);
    const made = replaceModules(top, (module) => (module === wire ? inverter : module));
    const [before, after] = [emitDesign(top).modules, emitDesign(made).modules];
    expect([...after.keys()]).toEqual([...before.keys()]);
    const changed = [...after].filter(([name, text]) => before.get(name) !== text);
    expect(changed.map(([name]) => name)).toEqual(['wire_gate']);
    expect(after.get('wire_gate')).toContain('!a');
  });

  test('are none where nothing is replaced: the top stays the object it is', () => {
    expect(replaceModules(top, (module) => module)).toBe(top);
  });
});
