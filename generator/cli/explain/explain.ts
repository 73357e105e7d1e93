import { defineCommand } from '../frame/command.js';
import { text } from '../options/options.js';
import { codeListLines, explanationLines } from './explain-text.js';
import { type Explained, explainedCodes, explanationOf } from './lookup.js';
import { THEMES } from './texts/themes.js';

export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'say what an error code means, what usually causes it and what to do',
  positionals: {
    CODE: text('code of an error, in any case; without it all are listed', { valueName: 'CODE' }),
  },
  options: {},
  examples: [
    ['explain', 'every code with a line, by theme'],
    ['explain pattern_not_found', 'what it means, its usual causes, commands that help'],
  ],
  run: ({ CODE: code }) => {
    if (code === undefined) {
      const codes = explainedCodes().map(asJson);
      return { ok: true, json: { codes }, lines: codeListLines(THEMES) };
    }
    const found = explanationOf(code);
    return { ok: true, json: { codes: [asJson(found)] }, lines: explanationLines(found) };
  },
});

function asJson({ code, theme, means, why, remedy, commands = [] }: Explained) {
  return { code, theme, means, why, remedy, commands };
}
