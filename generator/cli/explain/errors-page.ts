import type { Theme } from './explanation.js';

const HEAD = `# Error codes

<!-- written by scripts/errors-page from generator/cli/explain/texts/ -->

What each \`code\` of an error means, what usually causes it and what to do. \`hcgs explain CODE\` shows the same, in
any case of letters; \`hcgs explain\` lists them. A code is stable, the message beside it is for people and names file,
field, what was expected and what came. Words in capitals in commands stand for your own.
`;

/** docs/errors.md: a section for each theme. */
export function errorsPage(themes: readonly Theme[]): string {
  return [HEAD, ...themes.map(section)].join('\n');
}

function section({ title, codes }: Theme): string {
  const entries = Object.entries(codes).map(([code, { means, why, remedy, commands = [] }]) => {
    const shown = commands.length === 0 ? [] : ['', '```text', ...commands, '```'];
    return [`### ${code}`, '', `**${upper(means)}.** ${why} ${remedy}`, ...shown, ''].join('\n');
  });
  return [`## ${upper(title)}`, '', ...entries].join('\n');
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
