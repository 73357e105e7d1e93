import { describe, expect, test } from 'vitest';
import { familyNamed, findDevice } from '../../generator/devices/find.js';

describe('a device is found by', () => {
  test.each([
    ['xc7a35tcpg236-1', 'XC7A35T'],
    ['xc7a35ticsg324-1L', 'XC7A35T'],
    ['XC7A100T-CSG324', 'XC7A100T'],
    ['xc7z020clg400-1', 'XC7Z020'],
    ['XC7K325T-2FFG900C', 'XC7K325T'],
    ['LFE5U-45F-6BG381C', 'LFE5U-45F'],
    ['lfe5u_25f', 'LFE5U-25F'],
    ['up5k', 'UP5K'],
    ['iCE40UP5K-SG48', 'UP5K'],
    ['ICE40HX8K-CT256', 'HX8K'],
    ['ice40-hx8k', 'HX8K'],
  ])('%s', (given, name) => {
    expect(findDevice(null, given).name).toBe(name);
  });

  test.each(['xc7a35', 'XC7A350T', 'LFE5UM-45F', 'LFE5U-45', 'XC7A35TX', 'UP5', 'HX8K9', ''])(
    'not by %j',
    (given) => {
      expect(() => findDevice(null, given)).toThrow(/^no device /);
    },
  );

  test('its own family alone', () => {
    const ecp5 = familyNamed('ecp5');
    expect(() => findDevice(ecp5, 'xc7a35tcpg236-1')).toThrow(/no ecp5 device/);
  });
});
