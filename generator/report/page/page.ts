import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import Handlebars from 'handlebars';
import { packageRoot, toolVersion } from '../../base/package.js';
import { printable } from '../../base/printable.js';
import type { ReportInput } from '../input.js';
import { mapScript, mapStyle } from '../maps/script.js';
import { SECTIONS } from '../sections/all.js';
import { figure, percent, type Section, type Table } from '../sections/section.js';

/** Rows above which a table is folded. */
const LONG = 24;

/** What is in the page as JSON, in the element `hcgs-report`. */
export interface ReportData {
  readonly schemaVersion: 1;
  readonly toolVersion: string;
  readonly name: string;
  readonly path: string;
  readonly sections: readonly Section[];
}

/** A report, and its page: one HTML file that needs nothing else. */
export interface Report {
  readonly data: ReportData;
  readonly html: string;
}

/** Puts a report together. */
export function reportOf(input: ReportInput): Report {
  const { name, path, kind } = input;
  const data: ReportData = visible({
    ...{ schemaVersion: 1, toolVersion, name, path },
    sections: SECTIONS.map((make) => make(input)),
  });
  const { sections } = data;
  let maps = 0;
  const html = page({
    ...{
      name: data.name,
      path: data.path,
      kind: kind === 'design' ? 'Design' : 'Compressed model',
    },
    version: toolVersion,
    headline: headline(input),
    sections: sections.map((section) => ({
      ...section,
      maps: section.maps.map((map) => ({ title: map.name, index: maps++ })),
      pictures: section.pictures.map(({ id, title, label, spec }) => ({
        ...{ id, title, label },
        height: Number(spec.height) + 60,
        wide: Number(spec.height) > 240 || id === 'schedule' || id === 'cycles',
      })),
      tables: section.tables.map(tableOf),
    })),
    style: `${template('style.css')}\n${mapStyle()}`,
    map: mapScript(),
    page: template('page.js'),
    vega: vega(),
    // no text in it can end the element that it stands in
    data: JSON.stringify(data).replaceAll('<', '\\u003c'),
  });
  return { data, html };
}

/** The same with hidden characters of every text shown escaped: names and paths may hold any. */
function visible<T>(value: T): T {
  if (typeof value === 'string') return printable(value) as T;
  if (Array.isArray(value)) return value.map(visible) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, visible(own)])) as T;
}

function tableOf({ caption, head, rows }: Table) {
  return {
    ...{ caption, head, long: rows.length > LONG },
    rows: rows.map((row) =>
      row.map((cell) => ({
        number: typeof cell === 'number' || /^[\d.\u202f]+( %)?$/.test(cell),
        text: typeof cell === 'number' ? figure(cell, 6) : cell,
      })),
    ),
  };
}

/** The figures that a reader looks for first. */
function headline({ figures, measured, synth, cosim }: ReportInput) {
  const accuracy = measured?.values.accuracy ?? null;
  const clock = synth.find(({ fmaxMHz }) => fmaxMHz !== null)?.fmaxMHz ?? null;
  const energy = synth.find((one) => one.energy !== null)?.energy ?? null;
  const compared = cosim.reduce(
    (sum, one) => sum + Object.values(one.compared).reduce((a, b) => a + b, 0),
    0,
  );
  const mismatches = cosim.reduce((sum, one) => sum + one.mismatches, 0);
  return [
    { value: figure(figures.macs), what: 'multipliers' },
    { value: figure(figures.cyclesPerFrame), what: 'cycles a frame' },
    { value: figure(figures.latencyCycles), what: 'cycles of latency' },
    { value: percent(figures.macUtilization), what: 'of the multipliers busy' },
    { value: figure(figures.keptWeights), what: 'kept weights' },
    ...(accuracy === null
      ? []
      : [{ value: percent(accuracy.correct / accuracy.utterances), what: 'accuracy' }]),
    ...(clock === null ? [] : [{ value: `${figure(clock)} MHz`, what: 'highest clock' }]),
    ...(energy === null ? [] : [{ value: `${figure(energy.total)} nJ`, what: 'a frame' }]),
    ...(cosim.length === 0
      ? []
      : [{ value: figure(mismatches), what: `mismatches in ${figure(compared)} values` }]),
  ];
}

function template(name: string): string {
  return readFileSync(`${packageRoot}templates/report/${name}`, 'utf8');
}

/** Vega as one classic script, with its terms. */
function vega(): string {
  const build = dirname(createRequire(import.meta.url).resolve('vega'));
  const text = readFileSync(`${build}/vega.min.js`, 'utf8');
  const terms = readFileSync(`${dirname(build)}/LICENSE`, 'utf8').trim();
  const script = `/*! Vega\n\n${terms}\n*/\n${text}`.replace(
    /\n?\/\/# sourceMappingURL=.*\s*$/,
    '',
  );
  return script.replaceAll('</script', '<\\/script');
}

/** The shell of the page; names and texts of a model are escaped. */
function page(context: object): string {
  return Handlebars.compile(template('page.html.hbs'), { strict: true })(context);
}
