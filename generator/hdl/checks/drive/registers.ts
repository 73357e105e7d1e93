import type { Diagnostic } from '../../diagnostics.js';
import { firstOfEach } from '../walk/first.js';
import type { Subject } from '../walk/points.js';

/** set() of a wire, assign() of a register, and outputs driven both ways. */
export function checkRegisters({ points }: Subject): Diagnostic[] {
  return firstOfEach(
    points.flatMap(({ signals }) =>
      signals.flatMap(({ declared, name, drives }): Diagnostic[] => {
        const { storage, path } = declared;
        if (storage === 'input') return [];
        const isRegister =
          storage === 'output' ? drives.some((d) => d.clocked) : storage !== 'wire';
        const wrong = drives.find((d) => d.clocked !== isRegister);
        if (wrong === undefined) return [];
        const message = wrong.clocked
          ? `set() drives ${name}, which is a wire`
          : `an assignment or an instance drives ${name}, which is a register`;
        return [{ code: 'NOT_A_REGISTER', path, message, site: wrong.site }];
      }),
    ),
  );
}
