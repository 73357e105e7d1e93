import { describe, expect, test } from 'vitest';
import {
  bit,
  defineModule,
  emitDesign,
  input,
  integer,
  type Module,
  output,
  text,
  threaded,
  uint,
} from '../../generator/hdl/index.js';

/** A leaf with a file, which is to have a number and one more input in its place. */
const old = defineModule({
  name: 'old_leaf',
  doc: 'A leaf.',
  parameters: { PATH_FILE: text('none', 'its file') },
  ports: () => ({ a: input(bit), y: output(bit) }),
  body: (m, _, io) => m.assign(io.y, io.a),
});
const other = defineModule({
  name: 'new_leaf',
  doc: 'Its place.',
  parameters: { PATH_NUMBER: integer(0, 'its number', 0), EXTRA_BITS: integer(4, 'bits of extra') },
  ports: (p) => ({ a: input(bit), y: output(bit), extra: input(uint(p.EXTRA_BITS)) }),
  body: (m, p, io) => m.assign(io.y, io.a.and(io.extra.eq(p.PATH_NUMBER))),
});
const plain = defineModule({
  name: 'plain',
  doc: 'A module with no leaf below.',
  parameters: {},
  ports: () => ({ a: input(bit), y: output(bit) }),
  body: (m, _, io) => m.assign(io.y, io.a.not()),
});
const middle = defineModule({
  name: 'middle',
  doc: 'A leaf in a loop and a condition.',
  parameters: { OWN_FILE: text('two', 'file of the leaf') },
  ports: () => ({ a: input(bit), y: output(bit), z: output(bit) }),
  body: (m, _, io) => {
    m.instance('u_plain', plain, { a: io.a, y: io.z });
    m.forEach('i', 1, (i, inner) =>
      inner.ifGenerate('only', i, '==', 0, (scope) =>
        scope.instance(
          'u_leaf',
          old,
          { a: io.a, y: io.y },
          { PATH_FILE: { parameter: 'OWN_FILE' } },
        ),
      ),
    );
  },
});
const top = defineModule({
  name: 'top',
  doc: 'Two of them, one with another file.',
  parameters: {},
  ports: () => ({ a: input(bit), y: output(bit), z: output(bit), w: output(bit), v: output(bit) }),
  body: (m, _, io) => {
    m.instance('u_first', middle, { a: io.a, y: io.y, z: io.z });
    m.instance('u_second', middle, { a: io.a, y: io.w, z: io.v }, { OWN_FILE: { text: 'three' } });
  },
});

const NUMBERS: Readonly<Record<string, number>> = { none: 0, two: 2, three: 3 };
const made = threaded(top, {
  replace: (module: Module) => (module === old ? other : null),
  parameters: { EXTRA_BITS: integer(4, 'bits of extra') },
  ports: (p) => ({ extra: input(uint(p.EXTRA_BITS), 'led down') }),
  name: (name) => name.replace('FILE', 'NUMBER'),
  integer: ({ value, doc }) => integer(NUMBERS[value] ?? 0, doc, 0),
  number: (file) => NUMBERS[file] ?? 0,
});

describe('inputs that are led down to other modules', () => {
  const modules = emitDesign(made).modules;

  test('are ports of every module on the way, with the widths that they depend on', () => {
    for (const name of ['top', 'middle']) {
      expect(modules.get(name)).toMatch(/input wire +\[EXTRA_BITS - 1:0\] extra/);
      expect(modules.get(name)).toMatch(/\.EXTRA_BITS +\(EXTRA_BITS\)/);
      expect(modules.get(name)).toMatch(/\.extra +\(extra\)/);
    }
    expect(made.portTypes).toHaveProperty('extra');
  });

  test('find a number where a text was: of the module, or of an instance', () => {
    expect(modules.get('middle')).toContain('parameter OWN_NUMBER = 2');
    expect(modules.get('middle')).toMatch(/\.PATH_NUMBER +\(OWN_NUMBER\)/);
    expect(modules.get('top')).toMatch(/\.OWN_NUMBER +\(3\)/);
    expect([...modules.values()].join()).not.toContain('FILE');
  });

  test('leave modules with nothing replaced below as they are', () => {
    expect(modules.get('plain')).toBe(emitDesign(top).modules.get('plain'));
    expect(threaded(plain, { ...threadOf(), replace: () => null })).toEqual({
      ...plain,
      portTypes: plain.ports,
    });
  });
});

function threadOf() {
  return {
    replace: () => null,
    parameters: {},
    ports: () => ({}),
    name: (name: string) => name,
    integer: () => integer(0, ''),
    number: () => 0,
  };
}
