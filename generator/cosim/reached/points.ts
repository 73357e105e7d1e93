/** What is counted: a line or block of statements, a way of a branch, a bit that rises or falls. */
export const COVERED = ['line', 'branch', 'toggle'] as const;
export type Covered = (typeof COVERED)[number];

/** Points of one kind, and those of them that were reached. */
export interface Count {
  readonly covered: number;
  readonly points: number;
}

/** What a run reached of one module. */
export interface ModuleCoverage extends Readonly<Record<Covered, Count>> {
  readonly module: string;
}

/** What runs reached of a design: a point of a module counts once, however many instances of it there are. */
export interface Coverage extends Readonly<Record<Covered, Count>> {
  /** By name. */
  readonly modules: readonly ModuleCoverage[];
}

const KINDS: Readonly<Record<string, Covered>> = {
  v_line: 'line',
  v_branch: 'branch',
  v_toggle: 'toggle',
};

/**
 * Reads what Verilator writes (`C 'KEY' COUNT`, keys and values of a key between 0x01 and 0x02) of one or several runs. Only
 * points of `files`, the Verilog of the design, are counted. @throws Error for a line of another form
 */
export function coverageOf(texts: readonly string[], files: ReadonlySet<string>): Coverage {
  /** Whether each point was reached, by module and kind. */
  const modules = new Map<string, Record<Covered, Map<string, boolean>>>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    if (!line.startsWith('C ')) continue;
    const [, key, count] = /^C '([^']*)' (\d+)$/.exec(line) ?? [];
    if (key === undefined) throw new Error(`coverage has an unknown line: ${line.slice(0, 200)}`);
    const fields = new Map(
      key
        .split('\x01')
        .filter((field) => field !== '')
        .map((field) => field.split('\x02') as [string, string]),
    );
    const file = (fields.get('f') ?? '').replace(/^.*\//, '');
    const [page = '', module = ''] = (fields.get('page') ?? '').split('/');
    const kind = KINDS[page];
    if (kind === undefined || !files.has(file)) continue;
    // parameters of a module make copies of it, whose names Verilator ends in numbers
    const name = file.replace(/\.v$/, '') || module;
    const own = modules.get(name) ?? { line: new Map(), branch: new Map(), toggle: new Map() };
    modules.set(name, own);
    const point = ['l', 'n', 'o'].map((field) => fields.get(field) ?? '').join('\0');
    own[kind].set(point, (own[kind].get(point) ?? false) || count !== '0');
  }
  const counted = [...modules]
    .map(([module, own]): ModuleCoverage => {
      const count = (kind: Covered): Count => ({
        covered: [...own[kind].values()].filter(Boolean).length,
        points: own[kind].size,
      });
      return { module, line: count('line'), branch: count('branch'), toggle: count('toggle') };
    })
    .sort((a, b) => (a.module < b.module ? -1 : 1));
  const total = (kind: Covered): Count => ({
    covered: counted.reduce((sum, one) => sum + one[kind].covered, 0),
    points: counted.reduce((sum, one) => sum + one[kind].points, 0),
  });
  return {
    ...{ line: total('line'), branch: total('branch'), toggle: total('toggle') },
    modules: counted,
  };
}
