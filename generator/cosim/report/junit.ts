import { printable } from '../../base/printable.js';
import type { Check } from '../scoreboard/checks.js';

/** JUnit report: one suite per design, one case per check. No times, so that equal results give equal files. */
export function junitReport(design: string, checks: readonly Check[]): string {
  const failures = checks.filter((check) => check.failure !== null).length;
  const counts = `tests="${checks.length}" failures="${failures}" errors="0"`;
  const suite = escapeXml(design);
  const cases = checks.flatMap(({ name, failure, registers = [] }) => {
    const open = `    <testcase classname="hcgs.cosim.${suite}" name="${escapeXml(name)}"`;
    if (failure === null) return [`${open}/>`];
    const message = escapeXml(failure.split('\n', 1)[0] as string);
    return [
      `${open}>`,
      `      <failure message="${message}">${[...failure.split('\n'), ...registers].map(escapeXml).join('\n')}</failure>`,
      '    </testcase>',
    ];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${suite}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** One line as XML has it: without the characters that no XML file may hold. */
function escapeXml(line: string): string {
  return printable(line)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
