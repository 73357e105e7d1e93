import { describe, expect, test } from 'vitest';
import { parameterReference, planDesign } from '../../generator/accelerator/index.js';
import { randomShape } from '../support/random-shapes.js';

describe.each([1, 3, 14, 22])('the parameters of random shape %i', (seed) => {
  const shape = randomShape(seed);
  const { configuration } = planDesign(shape.model(1), shape.options);

  test('each have a range, a meaning, and a word on the memory images', () => {
    const facts = parameterReference(configuration);
    expect(facts.length).toBeGreaterThan(60);
    for (const { name, value, range, doc, images } of facts) {
      expect(range, name).toMatch(value.startsWith('"') ? /^$/ : /^(at least )?\d+( … \d+)?$/);
      expect(doc, name).not.toBe('');
      expect(images, name).not.toBe('');
    }
  });

  test('are names of images only where the modules are specialised', () => {
    const facts = parameterReference({ ...configuration, style: 'specialised' });
    expect(facts.length).toBeGreaterThan(5);
    expect(facts.filter(({ value }) => !value.startsWith('"'))).toEqual([]);
  });
});
