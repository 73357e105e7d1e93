/** Columns of a line of comment, its slashes included. */
const WIDTH = 99;

/** Words with which a tool takes a comment for an order. */
const ORDER =
  /^\xa0*(?:verilator|synopsys|synthesis|pragma|translate_o(?:n|ff)|cadence|xilinx|altera|exemplar|ambit|lint_)/i;

const ASCII: Readonly<Record<string, string>> = {
  ...{ '…': '...', '×': 'x', '·': '*', '–': '-', '—': '-', '−': '-', '→': '->', '←': '<-' },
  ...{ '≤': '<=', '≥': '>=', '≠': '!=', '±': '+-', '÷': '/', '°': ' degrees' },
  ...{ '‘': "'", '’': "'", '“': '"', '”': '"', ' ': ' ' },
  ...{ α: 'alpha', β: 'beta', µ: 'u', μ: 'u', π: 'pi', σ: 'sigma', Σ: 'sum', Δ: 'delta' },
};

/** A text as lines of comment: ASCII, and none that a tool would obey. */
export function comment(text: string, indent: string): string[] {
  if (text.trim() === '') return [];
  return ascii(text)
    .trim()
    .split('\n')
    .flatMap((paragraph) => wrap(paragraph.trim(), WIDTH - '// '.length - indent.length))
    .map((line) => `${indent}// ${line}`.trimEnd());
}

/** The same behind what it speaks of; empty without a text. */
export function trailing(text: string): string {
  const [line] = text.trim() === '' ? [] : wrap(ascii(text).trim(), Number.POSITIVE_INFINITY);
  return line === undefined ? '' : ` // ${line}`;
}

/** Lines of words; a no-break space (U+00A0) is part of a word, and a space in the end. */
function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(/[^\S\xa0]+/)) {
    const last = lines[lines.length - 1] as string;
    // an order is only one at the beginning of a line
    const fits = last.length + 1 + word.length <= width || ORDER.test(word);
    if (last !== '' && fits) lines[lines.length - 1] = `${last} ${word}`;
    else if (last !== '') lines.push(word);
    else lines[lines.length - 1] = ORDER.test(word) ? `'${word}'` : word;
  }
  return lines.map((line) => line.replaceAll('\xa0', ' '));
}

/** Letters and signs of ASCII, and no-break spaces; one that has no like is a question mark. */
function ascii(text: string): string {
  return text.replace(
    /[^\n\x20-\x7e\xa0]/gu,
    (sign) => ASCII[sign] ?? ASCII[sign.normalize('NFKD')] ?? bare(sign),
  );
}

/** A letter without its accents. */
function bare(sign: string): string {
  const letter = sign.normalize('NFKD').replace(/[^\x20-\x7e]/g, '');
  return letter === '' ? (/\s/.test(sign) ? ' ' : '?') : letter;
}
