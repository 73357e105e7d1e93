import { expect, test } from 'vitest';
import { createProgress } from '../../generator/base/progress.js';

function written(terminal: boolean): string {
  let text = '';
  let time = 0;
  const progress = createProgress({
    write: (part) => {
      text += part;
    },
    ...{ terminal, now: () => time },
  });
  progress.remark('about a minute');
  time = 5000;
  progress.step('synthesis');
  progress.remark('half\x1b of it');
  progress.stop();
  return text;
}

test('a remark is written at once and stays, whatever is at the line', () => {
  expect(written(false)).toBe('hcgs: about a minute\nhcgs: synthesis\nhcgs: half\\x1b of it\n');
  // on a terminal the line of the step makes room, and nothing of a remark is erased
  expect(written(true)).toBe(
    'hcgs: about a minute\n\r\x1b[2Khcgs: synthesis\r\x1b[2Khcgs: half\\x1b of it\n',
  );
});
