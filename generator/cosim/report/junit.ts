import type { ErrorReport } from '../../base/errors.js';
import { printable } from '../../base/printable.js';
import type { Check } from '../scoreboard/checks.js';

/** JUnit report: one suite per design, one case per check, which are of one run of so many seconds. */
export function junitReport(design: string, checks: readonly Check[], seconds: number): string {
  const failures = checks.filter((check) => check.failure !== null).length;
  const counts = `tests="${checks.length}" failures="${failures}" errors="0"`;
  const cases = checks.flatMap(({ name, failure, registers = [] }) => {
    const open = `    <testcase classname="hcgs.cosim.${escapeXml(design)}" name="${escapeXml(name)}"`;
    if (failure === null) return [`${open}/>`];
    const message = escapeXml(failure.split('\n', 1)[0] as string);
    return [
      `${open}>`,
      `      <failure message="${message}">${[...failure.split('\n'), ...registers].map(escapeXml).join('\n')}</failure>`,
      '    </testcase>',
    ];
  });
  return suiteOf(design, counts, seconds, cases);
}

/** The report of a run that ended before there was anything to check: one case, with what ended it. */
export function junitError(
  design: string,
  { code, message }: ErrorReport,
  seconds: number,
): string {
  return suiteOf(design, 'tests="1" failures="0" errors="1"', seconds, [
    `    <testcase classname="hcgs.cosim.${escapeXml(design)}" name="run">`,
    `      <error type="${escapeXml(code)}" message="${escapeXml(message)}"/>`,
    '    </testcase>',
  ]);
}

function suiteOf(
  design: string,
  counts: string,
  seconds: number,
  cases: readonly string[],
): string {
  const time = `time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} ${time}>`,
    `  <testsuite name="${escapeXml(design)}" ${counts} ${time}>`,
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
