import type { Beside } from '../pytorch/beside.js';
import type { Chosen } from './choose.js';
import { stepsOf } from './code/follow.js';
import type { Dictionary } from './dictionaries.js';
import type { TorchFile } from './file.js';
import { moduleFacts, shortType } from './functions.js';
import { namedFunctions } from './named-modules.js';
import { forwardArguments, scriptFunctions } from './script-code.js';
import { describeRest, names } from './shown.js';

type Facts = Omit<Beside, 'odd' | 'format' | 'said'>;

/** What a file says of a network beside its tensors. */
export function factsOf({ main, beside, notes }: Chosen, { code }: TorchFile): Facts {
  const parts = [main, ...beside];
  const all = parts.map((part) =>
    prefixed(partFacts(part, code), parts.length === 1 ? '' : `${part.key}.`),
  );
  return {
    classes: new Map(all.flatMap(({ classes }) => [...classes])),
    nonlinearities: new Map(all.flatMap(({ nonlinearities }) => [...nonlinearities])),
    functions: all.flatMap(({ functions }) => functions),
    harmless: all.flatMap(({ harmless }) => harmless),
    finalBehind: (module) => all.flatMap(({ finalBehind }) => finalBehind(module)),
    eps: new Map(all.flatMap(({ eps }) => [...eps])),
    steps: parts.length === 1 ? (all[0]?.steps ?? null) : null,
    hasCode: all.some(({ hasCode }) => hasCode),
    notes: [
      ...notes,
      ...describeRest(
        main.within,
        parts.map(({ key }) => key),
      ),
      ...all.flatMap((one) => one.notes),
    ],
  };
}

function partFacts(part: Dictionary, code: TorchFile['code']): Facts {
  const { module, modules, tensors, others } = part;
  if (module === null) {
    const { unknown, ...known } = namedFunctions(modules, [...tensors.keys()]);
    return {
      ...known,
      classes: new Map(),
      nonlinearities: new Map(),
      eps: new Map(),
      finalBehind: () => [],
      steps: null,
      hasCode: false,
      notes: [
        ...(others.length === 0 ? [] : [`in the state_dict, but no tensors: ${names(others)}`]),
        ...(unknown.length === 0
          ? []
          : [`modules without weights, of which the file has only the names: ${names(unknown)}`]),
      ],
    };
  }
  const { loose, hooked, ...facts } = moduleFacts(module, code);
  const inputs = code === null ? [] : forwardArguments(code, module.type);
  return {
    ...facts,
    steps: hooked ? null : stepsOf(module, code),
    hasCode: code !== null,
    functions: [...facts.functions, ...(code === null ? [] : scriptFunctions(code))],
    notes: [
      `a whole module of the class ${shortType(module.type)}, whose code is not executed`,
      ...(loose.length === 0
        ? []
        : [`tensors that are no parameters are not looked at: ${names(loose)}`]),
      ...(inputs.length < 2
        ? []
        : [
            `the network takes ${inputs.join(', ')}: in hardware h and c stay inside, and are zero at the start of an utterance`,
          ]),
    ],
  };
}

function prefixed(facts: Facts, prefix: string): Facts {
  if (prefix === '') return facts;
  const named = (name: string) => (name === '' ? prefix.slice(0, -1) : prefix + name);
  const renamed = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].map(([name, value]) => [named(name), value]));
  const parts = (all: Facts['functions']) =>
    all.map(({ name, what }) => ({ name: named(name), what }));
  return {
    ...facts,
    classes: renamed(facts.classes),
    nonlinearities: renamed(facts.nonlinearities),
    eps: renamed(facts.eps),
    functions: parts(facts.functions),
    harmless: parts(facts.harmless),
    finalBehind: (module) =>
      module.startsWith(prefix) ? facts.finalBehind(module.slice(prefix.length)).map(named) : [],
  };
}
