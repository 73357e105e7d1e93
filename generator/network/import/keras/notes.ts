import type { GraphOutput } from '../imported.js';
import type { Flow } from './flow.js';
import type { Head } from './head.js';
import type { Path } from './path.js';
import type { Stack } from './stack.js';

/** Axes of a value of the network, as programs see them. */
export function frameAxes(timeMajor: boolean, { rank }: Flow): readonly (readonly string[])[] {
  if (rank === 2) return [['batch'], ['feature']];
  return timeMajor ? [['time'], ['batch'], ['feature']] : [['batch'], ['time'], ['feature']];
}

/** What frames are. */
export function inputNote({ frames, core, before }: Path, stack: Stack): string {
  const { timeMajor, shapedBy, layers, flow } = stack;
  const inputs = layers[0]?.inputs;
  const count = flow.frames === null || flow.last ? 'frames' : `${flow.frames} frames`;
  const axes = timeMajor ? `[${count}, batch, ${inputs}]` : `[batch, ${count}, ${inputs}]`;
  if (frames !== null) {
    const masked =
      frames.className === 'Masking' ? '; frames that it masks are to be left out' : '';
    return (
      `frames are not the input of the network: they are what ${frames.name} (${frames.className}) gives, which ` +
      `${core[0]?.name} reads as ${axes}; what is before it is left out, so record that value and give it as frames${masked}`
    );
  }
  if (shapedBy !== null)
    return `frames are the input of the network as ${shapedBy.name} arranges it, ${axes}`;
  const name = before[0]?.className === 'InputLayer' ? ` ${before[0].name}` : '';
  return `frames are the input${name} of the network ${axes}`;
}

/** What else the user has to know. */
export function notesOn(
  path: Path,
  stack: Stack,
  head: Head,
  output: GraphOutput,
): readonly string[] {
  const notes = [...stack.folded, ...head.folded].map(
    ({ layer, into }) =>
      `${layer.name} (${layer.className}) went into the weights of ${into}, which is exact`,
  );
  notes.push(...stack.notes);
  const last = path.core.at(-1)?.name;
  const lastFrame = head.flow.last
    ? '; the file computes it for the last frame only, the hardware for every frame'
    : '';
  const width = head.output?.outputs ?? stack.layers.at(-1)?.cells;
  const axes =
    head.flow.rank === 2
      ? `[batch, ${width}]`
      : stack.timeMajor
        ? `[frames, batch, ${width}]`
        : `[batch, frames, ${width}]`;
  if (head.output === null) {
    notes.push(`the outputs are h of ${last}: no fully connected layer is taken`);
    if (!path.cut) notes.push(`outputs are output ${output.name} ${axes}${lastFrame}`);
    return notes;
  }
  const final =
    head.final === null
      ? ''
      : `, behind ${head.final.name}, which the hardware leaves out: it gives the sums`;
  notes.push(
    `outputs are ${path.cut ? 'the sums of' : 'output'} ${path.cut ? head.dense?.name : output.name} ${axes}${final}${lastFrame}`,
  );
  return notes;
}
