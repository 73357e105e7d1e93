import { attributesOf } from '../attributes.js';
import { definedIn } from '../expand/rename.js';
import type { Graph } from '../graph.js';
import type { GraphProto, NodeProto } from '../messages.js';
import type { Node } from '../node.js';
import type { Carried, Collected, LoopFail, LoopForm } from './form.js';
import { Steps } from './index-of.js';
import { type Inner, innerScope, type Scope } from './scope.js';

/**
 * Reads a Loop, https://onnx.ai/onnx/operators/onnx__Loop.html, whose condition is always true and whose body picks a
 * frame by the number of the step.
 * @throws UserError
 */
export function loopForm(node: Node, body: GraphProto, outer: Scope, fail: LoopFail): LoopForm {
  attributesOf(node, ['body'], outer.graph);
  const [trip = '', condition = '', ...initial] = node.inputs;
  const [step = '', going = '', ...before] = body.input.map(({ name = '' }) => name);
  const [goes = '', ...outputs] = body.output.map(({ name = '' }) => name);
  if (before.length !== initial.length || outputs.length !== node.outputs.length) {
    throw fail('a body with another number of inputs or outputs');
  }
  const inner = innerScope(body, outer);
  const { constants } = outer;
  const isTrue = (name: string, { constants: own }: Scope) =>
    own.has(name) && own.get(name).data.every((one) => one !== 0);
  const source = sourceOf(goes, inner, ['Identity', 'Cast']);
  const always = source === going || isTrue(source, inner);
  if (!always || (condition !== '' && !isTrue(condition, outer)))
    throw fail('a condition that ends it before the last frame');
  if (trip === '') throw fail('no trip count');
  const carried = initial.map(
    (name, i): Carried => ({
      before: before[i] as string,
      after: outputs[i] as string,
      initial: name,
      final: node.outputs[i] as string,
    }),
  );
  const fixed = carried.filter(
    ({ before: own, after }) => sourceOf(after, inner, ['Identity']) === own,
  );
  const left = carried.filter((one) => !fixed.includes(one));
  const steps = new Steps(step, left, inner, outer);
  const lists = left.flatMap((one) => collectedIn(one, inner, outer.graph, fail) ?? []);
  const states = left.filter(
    (one) => !steps.counters.has(one.before) && !lists.some(({ state }) => state === one),
  );
  const around = new Map(fixed.map((one) => [one.before, one.initial]));
  const own = definedIn(body);
  const outside = (name: string) => around.get(name) ?? (own.has(name) ? null : name);
  const picks = inner.graph.nodes.flatMap((one) => {
    const [data = '', index = ''] = one.op === 'Gather' ? one.inputs : [];
    const frames = outside(data);
    if (!frames || constants.has(frames) || inner.constants.has(index)) return [];
    const rank = steps.rankOf(index);
    if (typeof rank === 'string')
      throw fail(`${rank} as the number of the frame: reverse, or another order of frames`);
    const axis = attributesOf(one, ['axis'], outer.graph).int('axis') ?? 0;
    return [{ node: one, frames, axis, kept: rank === 1 }];
  });
  const [pick] = picks;
  if (pick === undefined) throw fail('no Gather of a frame by the number of the step');
  const odd = picks.some(
    ({ frames, axis, kept }) => frames !== pick.frames || axis !== pick.axis || kept !== pick.kept,
  );
  if (odd) throw fail('frames of several values');
  const rank = outer.graph.shapes.get(pick.frames)?.length;
  if (pick.axis < 0 && rank === undefined) throw fail('Gather on a value of unknown axes');
  const x = pick.node.outputs[0] ?? '';
  const same = new Map(picks.map((one) => [one.node.outputs[0], one]));
  const dropped = new Set(lists.map(({ insert }) => insert));
  const nodes = body.node.flatMap((one): NodeProto[] => {
    const [output = ''] = one.output;
    if (output === x || dropped.has(output)) return [];
    return same.has(output) ? [{ ...one, op_type: 'Identity', input: [x], attribute: [] }] : [one];
  });
  const scanned = outputs.slice(carried.length).map(
    (value, i): Collected => ({
      value,
      axis: 0,
      joined: false,
      output: node.outputs[carried.length + i] as string,
    }),
  );
  return {
    node,
    body: { ...body, node: nodes, input: [{ name: x }, ...body.input] },
    x,
    frames: pick.frames,
    axis: pick.axis < 0 ? pick.axis + (rank as number) : pick.axis,
    kept: pick.kept,
    states,
    collected: [...scanned, ...lists.map(({ collected }) => collected)],
    values: new Map([...around].filter(([, name]) => constants.has(name))),
    trip,
    parts: lists.flatMap(({ parts }) => parts),
  };
}

/** The value from which one comes by those operators. */
function sourceOf(name: string, { graph }: Inner, through: readonly string[]): string {
  let at = name;
  for (;;) {
    const node = graph.producers.get(at)?.node;
    if (node === undefined || !through.includes(node.op)) return at;
    at = node.inputs[0] ?? '';
  }
}

/** A state that is a list, to which each step adds a value; the values are put side by side after the loop. */
function collectedIn(state: Carried, inner: Inner, outer: Graph, fail: LoopFail) {
  const empty = outer.producers.get(state.initial)?.node;
  if (empty?.op !== 'SequenceEmpty') return null;
  const insert = inner.graph.producers.get(state.after)?.node;
  const [list, value = '', ...position] = insert?.inputs ?? [];
  if (insert?.op !== 'SequenceInsert' || list !== state.before || position.length > 0)
    throw fail('a list to which a step does not add one value at its end');
  const [concat, ...others] = outer.consumers.get(state.final) ?? [];
  if (concat?.op !== 'ConcatFromSequence' || others.length > 0 || outer.outputs.has(state.final))
    throw fail('a list that is not put side by side by one ConcatFromSequence');
  const attributes = attributesOf(concat, ['axis', 'new_axis'], outer);
  const collected: Collected = {
    value,
    axis: attributes.int('axis') ?? 0,
    joined: (attributes.int('new_axis') ?? 0) === 0,
    output: concat.outputs[0] ?? '',
  };
  const shared = (outer.consumers.get(state.initial) ?? []).length > 1;
  return { state, insert: state.after, collected, parts: shared ? [concat] : [empty, concat] };
}
