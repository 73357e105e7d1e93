import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { emitModule, type Module, specialise, type Values } from '../../generator/hdl/index.js';
import type { VExpr, VItem } from '../../generator/hdl/verilog/ast.js';
import { lowerModule, walk } from '../../generator/hdl/verilog/lower.js';
import { printModule } from '../../generator/hdl/verilog/print.js';

/** Changes of the two texts that are compared: what a proof has to find. */
export interface Edits {
  readonly parameterized?: (text: string) => string;
  readonly specialised?: (text: string) => string;
}

/** Files for `$readmemh`, by name. */
export type Images = Readonly<Record<string, string>>;

/**
 * Proves with Yosys that the text of a module with its parameters overridden is equivalent to the text of the
 * specialised module, at each point. Modules below are black boxes with the same parameters on either side: each is
 * proven on its own. Memories are compared as cells. Returns what Yosys complains of; nothing when all is proven.
 */
export async function prove(
  module: Module,
  points: readonly Values[],
  { images = {}, ...edits }: Edits & { readonly images?: Images } = {},
): Promise<string> {
  const files = new Map<string, string>(Object.entries(images));
  const children = below(module);
  files.set('gold.v', (edits.parameterized ?? same)(emitModule(module)));
  files.set('gold_below.v', children.map((m) => holder(m, children)).join('\n'));
  files.set('boxes.v', children.map(box).join('\n'));
  const lines = points.flatMap((values, i) => {
    const special = specialise(module, values);
    files.set(`gate_${i}.v`, (edits.specialised ?? same)(emitModule(special)));
    files.set(
      `gate_below_${i}.v`,
      below(special)
        .map((m) => holder(m, children))
        .join('\n'),
    );
    return script(module, values, i, Object.keys(images));
  });
  files.set('prove.ys', `${lines.join('\n')}\n`);
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-prove-'));
  try {
    for (const [name, text] of files) writeFileSync(join(directory, name), text);
    const { all, exitCode } = await execa('yosys', ['-q', '-s', 'prove.ys'], {
      cwd: directory,
      all: true,
      reject: false,
    });
    return exitCode === 0 ? '' : `${module.name}: ${all}`;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function script(module: Module, values: Values, i: number, images: readonly string[]): string[] {
  const { name } = module;
  const numbers = Object.entries(values).map(([k, v]) => `chparam -set ${k} ${v} ${name}`);
  const texts = Object.entries(module.parameters).flatMap(([k, p]) =>
    p.kind === 'text' && images.includes(p.value) ? [`chparam -set ${k} "${p.value}" ${name}`] : [],
  );
  const ready = [`hierarchy -top ${name}`, 'proc', 'flatten', 'memory_collect', 'opt_clean'];
  return [
    'design -reset',
    'read_verilog boxes.v gold_below.v gold.v',
    ...numbers,
    ...texts,
    ...ready,
    ...liftBlocks(module),
    'design -stash gold',
    `read_verilog boxes.v gate_below_${i}.v gate_${i}.v`,
    ...texts,
    ...ready,
    'design -stash gate',
    'read_verilog boxes.v',
    `design -copy-from gold -as gold ${name}`,
    `design -copy-from gate -as gate ${name}`,
    'equiv_make gold gate equiv',
    'hierarchy -top equiv',
    'equiv_struct -icells',
    'equiv_simple -undef',
    'equiv_induct -undef',
    'equiv_status -assert',
  ];
}

/** The specialised text has no blocks of conditions: takes their labels out of the names of the other one. */
function liftBlocks(module: Module): string[] {
  const labels: string[] = [];
  walk(module.items, (item) => {
    if (item.kind !== 'if') return;
    const loops = [...item.a.terms, ...item.b.terms].flatMap((t) => t.atoms);
    if (loops.some((a) => a.kind === 'genvar')) return;
    labels.push(item.label, item.otherwiseLabel);
  });
  if (labels.length === 0) return [];
  const strip = `:a; s#(^|\\.)(${labels.join('|')})\\.#\\1#; ta`;
  const rename = `s#^${module.name}/##; h; ${strip}; G; /^(.*)\\n\\1$/d; s#^(.*)\\n(.*)$#rename \\2 \\1#`;
  return [
    `cd ${module.name}`,
    'tee -q -o names.txt select -list *',
    `!sed -E '${rename}' names.txt > rename.ys`,
    'script rename.ys',
    'cd ..',
  ];
}

/** Modules that a module instantiates, each once. */
function below(module: Module): readonly Module[] {
  const found = new Map<string, Module>();
  walk(module.items, (item) => {
    if (item.kind === 'instance') found.set(item.module.name, item.module);
  });
  return [...found.values()];
}

/** A module with nothing in it but its black box, which shows the values of the parameters. */
function holder(module: Module, boxes: readonly Module[]): string {
  const { name, numbers = {} } = module;
  const [original] = boxes
    .filter((b) => `${name}_`.startsWith(`${b.name}_`))
    .sort((a, b) => b.name.length - a.name.length);
  const own = Object.keys(module.parameters).map((k): [string, VExpr] => [
    k,
    { kind: 'name', name: k },
  ]);
  const given = Object.entries(numbers).map(([k, v]): [string, VExpr] => [
    k,
    { kind: 'number', text: String(v) },
  ]);
  const item: VItem = {
    kind: 'instance',
    site: module.site,
    module: `${original?.name}_box`,
    name: 'box',
    parameters: [...own, ...given],
    ports: Object.keys(module.ports).map((k) => [k, { kind: 'name', name: k }]),
  };
  const { ports, ...rest } = lowerModule(module);
  return printModule({ ...rest, ports: ports.map(wire), guards: [], items: [item] });
}

function box(module: Module): string {
  const { ports, ...rest } = lowerModule(module);
  const name = `${module.name}_box`;
  const text = printModule({ ...rest, name, ports: ports.map(wire), guards: [], items: [] });
  return text.replace(/^module/m, '(* blackbox *)\nmodule');
}

function wire<P extends { readonly storage: string }>(port: P): P {
  return { ...port, storage: port.storage.replace(' reg', ' wire') };
}

const same = (text: string): string => text;
