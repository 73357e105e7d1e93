import { type Axes, axesOf, type Lengths, type Part } from './axes.js';
import { onnxError } from './errors.js';
import type { Frames } from './frames.js';
import type { Graph } from './graph.js';
import { directionsOf, LAYER_INPUT, type LayerNode } from './layer-node.js';

/** Outputs of the operators; Y_c is of LSTM alone. */
const OUTPUTS = ['Y', 'Y_h', 'Y_c'] as const;

/** What the outputs of the node of a layer are, whose input has the axes X; `lengths` are those of h. */
export function outputsOf(
  lstm: LayerNode,
  lengths: Lengths,
  X: Axes,
): readonly { readonly kind: 'h' | 'c'; readonly axes: Axes }[] {
  if (lstm.loop !== undefined) {
    return lstm.loop.outputs.map(({ kind, axes, last }) => ({
      kind,
      axes: axesOf(axes, lengths, last),
    }));
  }
  return OUTPUTS.map((output) => ({
    kind: output === 'Y_c' ? 'c' : 'h',
    axes: outputAxes(
      lstm,
      output,
      {
        ...lengths,
        layer: directionsOf(lstm).length,
        ...(output === 'Y_c' && { feature: lstm.layer.cells }),
      },
      X,
    ),
  }));
}

/**
 * The axes of Y [frames, directions, batch, cells] (or batch first), or of Y_h and Y_c, the states after the last frame; of a
 * single frame those of X.
 */
function outputAxes(
  { layout }: LayerNode,
  output: (typeof OUTPUTS)[number],
  lengths: Lengths,
  X: Axes,
): Axes {
  if (layout === 'one step') return axesOf([...X.axes.slice(0, -1), ['feature']], lengths);
  const early = layout === 'time first';
  const every: Part[][] = early
    ? [['time'], ['layer'], ['batch'], ['feature']]
    : [['batch'], ['time'], ['layer'], ['feature']];
  const last: Part[][] = early
    ? [['layer'], ['batch'], ['feature']]
    : [['batch'], ['layer'], ['feature']];
  return output === 'Y' ? axesOf(every, lengths) : axesOf(last, lengths, true);
}

/** Lengths of time and batch where the file states the shape of X, or that of the frames. */
export function inputLengths(lstm: LayerNode, frames: Frames, graph: Graph): Lengths {
  const { node, layout, layer, loop } = lstm;
  const name = node.inputs[LAYER_INPUT.X] ?? '';
  const shape = graph.shapes.get(name);
  const known = frames.axes?.lengths;
  if (shape === undefined) {
    const time = layout === 'one step' ? 1 : known?.time;
    return { time, batch: known?.batch, feature: layer.inputs, layer: 1 };
  }
  if (loop !== undefined) return loopLengths(lstm, loop.x, shape, known, graph);
  const inputs = shape.at(-1) ?? layer.inputs;
  const single = layout === 'one step';
  if ((shape.length !== 3 && !single) || inputs !== layer.inputs) {
    const got = `[${shape.map((n) => n ?? '?').join(', ')}]`;
    const expected = `${single ? 'axes' : 'three axes'}, the last of length ${layer.inputs}`;
    throw onnxError(graph.file, 'TENSOR_SHAPE', `${node.label}.X (${name})`, expected, got);
  }
  if (single) {
    const open = shape.slice(0, -1).filter((length) => length !== 1);
    const batch = open.length === 0 ? 1 : open.length === 1 ? open[0] : undefined;
    return { time: 1, batch: batch ?? known?.batch, feature: layer.inputs, layer: 1 };
  }
  const [time, batch] = layout === 'time first' ? [shape[0], shape[1]] : [shape[1], shape[0]];
  return {
    time: time ?? known?.time,
    batch: batch ?? known?.batch,
    feature: layer.inputs,
    layer: 1,
  };
}

/** The same for a loop, whose X has the axes `x`. */
function loopLengths(
  { node, layer }: LayerNode,
  x: readonly (readonly Part[])[],
  shape: readonly (number | undefined)[],
  known: Lengths | undefined,
  graph: Graph,
): Lengths {
  const of = (part: Part) => {
    const axis = x.findIndex((parts) => parts.includes(part));
    return axis < 0 ? 1 : shape[axis];
  };
  const inputs = layer.inputs === 1 ? 1 : (of('feature') ?? layer.inputs);
  const open = x.every((parts, axis) => parts.length > 0 || (shape[axis] ?? 1) === 1);
  if (shape.length !== x.length || inputs !== layer.inputs || !open) {
    const got = `[${shape.map((n) => n ?? '?').join(', ')}]`;
    const parts = x.map(([part]) => (part === 'feature' ? layer.inputs : (part ?? 1)));
    const field = `${node.label}, frames ${node.inputs[LAYER_INPUT.X]}`;
    throw onnxError(graph.file, 'TENSOR_SHAPE', field, `[${parts.join(', ')}]`, got);
  }
  return {
    time: of('time') ?? known?.time,
    batch: of('batch') ?? known?.batch,
    feature: layer.inputs,
    layer: 1,
  };
}
