import { int, parameterInt } from './int.js';
import {
  type Item,
  type Module,
  named,
  type Parameter,
  type ParameterInts,
  type Port,
  parameterInts,
  type TextParameter,
  type TextValue,
  type TypedModule,
} from './module.js';
import { withInstances } from './replace.js';

/** How the modules of a design change when some of those below are replaced by others with more inputs. */
export interface Thread<P extends Record<string, Parameter>, Q extends Record<string, Port>> {
  /** What stands in place of a module, with the same ports and those of the thread; null: it stays, with what is below it. */
  readonly replace: (module: Module) => Module | null;
  /** Integers that the widths of the thread depend on: parameters of every module on the way, handed down. */
  readonly parameters: P;
  /** The inputs that are led down, the same in every module on the way. */
  readonly ports: (p: ParameterInts<P>) => Q;
  /** Name of the integer parameter that stands in place of a text parameter of a module on the way; null: it is left out. */
  readonly name: (text: string) => string | null;
  /** That parameter. */
  readonly integer: (parameter: TextParameter) => Parameter;
  /** The number in place of a text that an instance gives to such a parameter. */
  readonly number: (text: string) => number;
}

/**
 * The design below `module` with the replacements, and the inputs of the thread led from its ports down to each of them. Modules
 * without such a one below stay as they are, and so does the order of all others; pure.
 */
export function threaded<P extends Record<string, Parameter>, Q extends Record<string, Port>>(
  module: Module,
  thread: Thread<P, Q>,
): TypedModule {
  const done = new Map<Module, Module>();
  const widths = Object.keys(thread.parameters);
  const ports = thread.ports(parameterInts(thread.parameters));
  const at = (old: Module): Module => {
    const known = done.get(old);
    if (known !== undefined) return known;
    const made = thread.replace(old) ?? rebuilt(old);
    done.set(old, made);
    return made;
  };
  const rebuilt = (old: Module): Module => {
    const items = withInstances(old.items, (item) => {
      const below = at(item.module);
      return below === item.module ? item : connected(item, below);
    });
    if (items === old.items) return old;
    return {
      ...old,
      items,
      parameters: { ...parametersOf(old), ...thread.parameters },
      ports: { ...old.ports, ...ports },
    };
  };
  const parametersOf = ({ parameters }: Module): Record<string, Parameter> =>
    Object.fromEntries(
      Object.entries(parameters).flatMap(([name, parameter]) => {
        if (parameter.kind !== 'text') return [[name, parameter] as const];
        const changed = thread.name(name);
        return changed === null ? [] : [[changed, thread.integer(parameter)] as const];
      }),
    );
  const connected = (item: Extract<Item, { kind: 'instance' }>, below: Module): Item => ({
    ...item,
    module: below,
    parameters: {
      ...Object.fromEntries(
        Object.entries(item.parameters).flatMap(([name, value]) => {
          const old = item.module.parameters[name];
          if (old?.kind !== 'text') return [[name, value] as const];
          const changed = thread.name(name);
          return changed === null ? [] : [[changed, numberFor(value as TextValue)] as const];
        }),
      ),
      ...Object.fromEntries(widths.map((name) => [name, parameterInt(name)])),
    },
    ports: {
      ...item.ports,
      ...Object.fromEntries(
        Object.entries(ports).map(([name, { type }]) => [name, named(name, type)]),
      ),
    },
  });
  const numberFor = (value: TextValue) => {
    if ('text' in value) return int(thread.number(value.text));
    const name = thread.name(value.parameter);
    if (name === null) throw new Error(`no number for the text parameter ${value.parameter}`);
    return parameterInt(name);
  };
  const made = at(module);
  return { ...made, portTypes: made.ports };
}
