import type { NameMap } from '../map.js';
import { badMap } from '../map.js';
import { kerasError } from './errors.js';
import { kindOf, recurrentText, unwrapped } from './kinds.js';
import type { KerasLayer, KerasNetwork } from './layer.js';
import { asGraph, noChain } from './no-chain.js';
import { layerText } from './parts.js';

/** The way through a network that becomes hardware, and what lies beside it. */
export interface Path {
  /** Whether there is a recurrent layer in it; if not, its dense layers are the ones that it goes by. */
  readonly recurrent: boolean;
  /** Layers between the frames and the first recurrent layer, from the input on. */
  readonly before: readonly KerasLayer[];
  /** The first recurrent layer to the last one, with what stands between them. */
  readonly core: readonly KerasLayer[];
  /** Behind the last recurrent layer, up to the output or to the layer that `fc=` names. */
  readonly behind: readonly KerasLayer[];
  /** All others, which the user has left out. */
  readonly beside: readonly KerasLayer[];
  /** The layer that the user's frames come from. */
  readonly frames: KerasLayer | null;
  /** `fc=none`, or `fc=` with layers behind the one named. */
  readonly cut: boolean;
}

const NONE = 'leave out all that follows h by --map fc=none';

/**
 * Finds the way from the frames through the recurrent layers to the output: each layer of it reads the one before and
 * nothing else, and all other layers have to be left out by the user.
 * @throws UserError NOT_AN_LSTM, LSTM_UNSUPPORTED, LSTM_AMBIGUOUS, LSTM_BETWEEN, OUTPUT_NOT_TAKEN, BAD_MAP
 */
export function pathOf(network: KerasNetwork, map: NameMap, file: string): Path {
  const finder = new PathFinder(network, map, file);
  return finder.find();
}

class PathFinder {
  readonly #byName: ReadonlyMap<string, KerasLayer>;

  constructor(
    private readonly network: KerasNetwork,
    private readonly map: NameMap,
    private readonly file: string,
  ) {
    this.#byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  }

  find(): Path {
    const chosen = this.chosen();
    const chains = chosen.map((layer) => this.chainTo(layer));
    const whole = chains.find((chain) => chosen.every((layer) => chain.includes(layer)));
    if (whole === undefined) throw this.noChain(chosen, chains);
    const first = whole.findIndex((layer) => chosen.includes(layer));
    const core = whole.slice(first);
    const frames = this.frames(whole.slice(0, first));
    const before =
      frames === null ? whole.slice(0, first) : whole.slice(whole.indexOf(frames) + 1, first);
    const opening = whole[0] as KerasLayer;
    if (frames === null && opening.inputs.length > 1)
      throw this.merged(opening, core[0] as KerasLayer);
    const last = core.at(-1) as KerasLayer;
    const behind = this.behind(last);
    const taken = new Set([...before, ...core, ...behind]);
    const beside = this.network.layers.filter((layer) => !taken.has(layer));
    const above = frames === null ? [] : this.above(frames);
    const open = beside.filter((layer) => !above.includes(layer));
    const end = behind.at(-1) ?? last;
    const odd = this.network.outputs.find(
      ({ layer, output }) => layer !== end.name || output !== 0,
    );
    if (!this.map.has('fc') && (open.length > 0 || odd !== undefined)) {
      throw this.notTaken(open, odd?.layer, end, last);
    }
    const readsStates = [...core, ...behind]
      .flatMap(({ inputs }) => inputs)
      .find(({ output }) => output > 0);
    if (readsStates !== undefined) {
      throw this.fail(
        'LSTM_UNSUPPORTED',
        readsStates.layer,
        'h alone',
        'a state that another layer reads',
      );
    }
    return {
      recurrent: chosen.some((layer) => kindOf(layer) === 'layer'),
      before,
      core,
      behind,
      beside,
      frames,
      cut: open.some((layer) => this.follows(layer, last)),
    };
  }

  /** The recurrent layers that are meant: those that the user names, or all. */
  private chosen(): readonly KerasLayer[] {
    const recurrent = this.network.layers.filter((layer) =>
      ['layer', 'recurrent'].includes(kindOf(layer)),
    );
    const said = this.map.get('lstm');
    const found =
      said === undefined
        ? this.notLeftOut(recurrent)
        : said.split(',').map((name) => this.named(name, 'lstm'));
    for (const layer of found) {
      if (kindOf(layer) === 'layer') continue;
      if (kindOf(layer) !== 'recurrent') throw this.badMap('lstm', layer.name);
      const expected =
        'LSTM, GRU or SimpleRNN on frames in their order (there is no hardware for others yet)';
      throw this.fail('LSTM_UNSUPPORTED', layer.name, expected, recurrentText(layer));
    }
    const dense = said === undefined && recurrent.length === 0 ? this.denseLayers() : [];
    if (dense.length > 0) return dense;
    if (found.length === 0) {
      const got = this.network.layers.map(({ className }) => className).join(', ');
      const most = got.length > 200 ? `${got.slice(0, 200)} ...` : got;
      throw this.fail('NOT_AN_LSTM', 'layers', 'an LSTM, GRU, SimpleRNN or Dense layer', most);
    }
    return found;
  }

  /** The dense layers of a network without recurrent ones, up to the one that the user names. */
  private denseLayers(): readonly KerasLayer[] {
    const fc = this.map.get('fc');
    if (fc === 'none') throw this.badMap('fc', 'none, which leaves nothing');
    const all = fc === undefined ? this.network.layers : this.chainTo(this.named(fc, 'fc'));
    return this.notLeftOut(all.filter((layer) => kindOf(layer) === 'dense'));
  }

  /** Without those that lie before the value that the user's frames are. */
  private notLeftOut(layers: readonly KerasLayer[]): readonly KerasLayer[] {
    const said = this.map.get('frames');
    if (said === undefined) return layers;
    const above = this.above(this.named(said, 'frames'));
    const found = layers.filter((layer) => !above.includes(layer));
    if (found.length === 0 && layers.length > 0)
      throw this.badMap('frames', `${said}, behind all layers with hardware`);
    return found;
  }

  private named(name: string, key: string): KerasLayer {
    const found = this.#byName.get(name);
    if (found !== undefined) return found;
    throw this.badMap(key, name);
  }

  private badMap(key: string, got: string): Error {
    const names = this.network.layers.filter(
      (layer) => key !== 'lstm' || kindOf(layer) === 'layer',
    );
    const shown = names.slice(0, 20).map(({ name }) => name);
    return badMap(`${key}= and one of ${shown.join(', ')}`, `${key}=${got}`, this.file);
  }

  /** From the first layer with more inputs than one, or none, to this one. */
  private chainTo(layer: KerasLayer): readonly KerasLayer[] {
    const chain = [layer];
    for (let at = layer; at.inputs.length === 1; chain.push(at)) {
      at = this.#byName.get(at.inputs[0]?.layer as string) as KerasLayer;
    }
    return chain.reverse();
  }

  private frames(before: readonly KerasLayer[]): KerasLayer | null {
    const said = this.map.get('frames');
    if (said === undefined) return null;
    const layer = this.named(said, 'frames');
    if (before.includes(layer)) return layer;
    const names = before.map(({ name }) => name).join(' or ') || 'none';
    throw badMap(
      `frames= and a layer before the first recurrent one: ${names}`,
      `frames=${said}`,
      this.file,
    );
  }

  /** A layer and all that it is computed from. */
  private above(layer: KerasLayer): readonly KerasLayer[] {
    const found = new Set([layer]);
    for (const one of found) {
      for (const { layer: name } of one.inputs) found.add(this.#byName.get(name) as KerasLayer);
    }
    return [...found];
  }

  private follows(layer: KerasLayer, last: KerasLayer): boolean {
    return layer !== last && this.above(layer).includes(last);
  }

  private behind(last: KerasLayer): readonly KerasLayer[] {
    const fc = this.map.get('fc');
    if (fc === 'none') return [];
    if (fc !== undefined) {
      const layer = this.named(fc, 'fc');
      const chain = this.chainTo(layer);
      const at = chain.indexOf(last);
      const own = layer === last && kindOf(last) === 'layer';
      if (at < 0 || own || kindOf(layer) !== 'dense') {
        const expected = `fc= and a dense layer on h of ${last.name} alone`;
        throw badMap(expected, `fc=${fc}`, this.file);
      }
      const to = chain.slice(at + 1);
      // what only makes probabilities of it belongs to it
      return [...to, ...this.follow(layer, (one) => ['same', 'activation'].includes(kindOf(one)))];
    }
    return this.follow(last, () => true);
  }

  /** The layers behind one, each of which alone reads the one before and nothing else. */
  private follow(from: KerasLayer, wanted: (layer: KerasLayer) => boolean): readonly KerasLayer[] {
    const found: KerasLayer[] = [];
    for (let at = from; ; ) {
      const readers = this.network.layers.filter(({ inputs }) =>
        inputs.some(({ layer }) => layer === at.name),
      );
      const [next] = readers;
      const isOutput = this.network.outputs.some(({ layer }) => layer === at.name);
      if (
        next === undefined ||
        readers.length > 1 ||
        isOutput ||
        next.inputs.length > 1 ||
        !wanted(next)
      ) {
        return found;
      }
      found.push(next);
      at = next;
    }
  }

  private noChain(
    chosen: readonly KerasLayer[],
    chains: readonly (readonly KerasLayer[])[],
  ): Error {
    const states = chosen.find(({ inputs }) => inputs.length > 1);
    if (states !== undefined) return this.givenState(states);
    const merge = chains.flatMap(([first]) => first ?? []).find(({ inputs }) => inputs.length > 1);
    return noChain(chosen, merge, this.file);
  }

  private givenState({ name, inputs }: KerasLayer): Error {
    const got = `an initial state: ${inputs
      .slice(1)
      .map(({ layer }) => layer)
      .join(', ')}`;
    return this.fail('LSTM_STATE', name, 'states that are zero at the start', got);
  }

  private merged(opening: KerasLayer, first: KerasLayer): Error {
    if (opening === first) return this.givenState(first);
    const got = `${opening.className}, which reads ${opening.inputs.map(({ layer }) => layer).join(', ')}`;
    const expected = `one input before ${first.name} (record what it computes as frames and say so: --map frames=${opening.name})`;
    return this.fail('LSTM_BETWEEN', opening.name, expected, got);
  }

  private notTaken(
    open: readonly KerasLayer[],
    output: string | undefined,
    end: KerasLayer,
    last: KerasLayer,
  ): Error {
    const layer =
      open.find((one) => one.inputs.some(({ layer: name }) => name === end.name)) ??
      open.find((one) => this.follows(one, last)) ??
      open[0];
    const recurrent = kindOf(last) === 'layer';
    const expected = recurrent
      ? `nothing behind ${last.name}, the last recurrent layer, but dense layers in a row and then softmax or sigmoid (or ${NONE}${asGraph(layer)})`
      : `nothing behind ${last.name}, the last dense layer, but a function (or --map fc=${last.name}, which ends there)`;
    if (layer === undefined) {
      return this.fail('OUTPUT_NOT_TAKEN', 'outputs', expected, `an output of ${output}`);
    }
    const reads =
      layer.inputs.length > 1
        ? `, which reads ${layer.inputs.map((one) => one.layer).join(', ')}`
        : '';
    return this.fail(
      'OUTPUT_NOT_TAKEN',
      layer.name,
      expected,
      `${layerText(unwrapped(layer))}${reads}`,
    );
  }

  private fail(code: string, field: string, expected: string, got: string): Error {
    return kerasError(this.file, code, field, expected, got);
  }
}
