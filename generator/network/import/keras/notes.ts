import { outputsOf } from '../../float/model.js';
import type { GraphOutput } from '../imported.js';
import type { Chain } from './chain.js';
import type { Flow } from './flow.js';
import type { Path } from './path.js';

/** Axes of a value of the network, as programs see them. */
export function frameAxes(timeMajor: boolean, { rank }: Flow): readonly (readonly string[])[] {
  if (rank === 2) return [['batch'], ['feature']];
  return timeMajor ? [['time'], ['batch'], ['feature']] : [['batch'], ['time'], ['feature']];
}

/** What frames are. */
export function inputNote({ frames, before }: Path, chain: Chain): string {
  const { timeMajor, layers, opening, reader } = chain;
  const { shapedBy, flow } = opening;
  const inputs = layers[0]?.inputs;
  const count = flow.frames === null || chain.flow.last ? 'frames' : `${flow.frames} frames`;
  const axes =
    flow.rank === 2
      ? `[batch, ${inputs}]`
      : timeMajor
        ? `[${count}, batch, ${inputs}]`
        : `[batch, ${count}, ${inputs}]`;
  if (frames !== null) {
    const masked =
      frames.className === 'Masking' ? '; frames that it masks are to be left out' : '';
    return (
      `frames are not the input of the network: they are what ${frames.name} (${frames.className}) gives, which ` +
      `${reader.name} reads as ${axes}; what is before it is left out, so record that value and give it as frames${masked}`
    );
  }
  if (shapedBy !== null)
    return `frames are the input of the network as ${shapedBy.name} arranges it, ${axes}`;
  const name = before[0]?.className === 'InputLayer' ? ` ${before[0].name}` : '';
  return `frames are the input${name} of the network ${axes}`;
}

/** What else the user has to know. */
export function notesOn(path: Path, chain: Chain, output: GraphOutput): readonly string[] {
  const { layers, flow, final, end } = chain;
  const notes = chain.folded.map(
    ({ layer, into }) =>
      `${layer.name} (${layer.className}) went into the weights of ${into}, which is exact`,
  );
  notes.push(...chain.notes);
  const lastFrame = flow.last
    ? '; the file computes it for the last frame only, the hardware for every frame'
    : '';
  const width = outputsOf(chain);
  const axes =
    flow.rank === 2
      ? `[batch, ${width}]`
      : chain.timeMajor
        ? `[frames, batch, ${width}]`
        : `[batch, frames, ${width}]`;
  if (!layers.at(-1)?.cell.startsWith('dense') && chain.output === null) {
    notes.push(`the outputs are h of ${end.name}: no fully connected layer is taken`);
    if (!path.cut) notes.push(`outputs are output ${output.name} ${axes}${lastFrame}`);
    return notes;
  }
  const behind =
    final === null
      ? ''
      : `, behind ${final.name}, which the hardware leaves out: it gives the sums`;
  notes.push(
    `outputs are ${path.cut ? whatOf(chain) : 'output'} ${path.cut ? end.name : output.name} ${axes}${behind}${lastFrame}`,
  );
  return notes;
}

const whatOf = ({ dense }: Chain): string => (dense === null ? 'the values of' : 'the sums of');
