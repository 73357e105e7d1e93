import { callSite, collect, type Waiver } from './diagnostics.js';
import {
  named,
  type Parameter,
  type ParameterInts,
  type Port,
  type PortValues,
  parameterInts,
  type TypedModule,
} from './module.js';
import type { Relation } from './relation.js';
import { Scope } from './scope.js';

/** What an author says of a module. */
export interface ModuleDefinition<
  P extends Record<string, Parameter>,
  Q extends Record<string, Port>,
> {
  readonly name: string;
  readonly doc: string;
  readonly parameters: P;
  /** What the parameters have to be to each other. */
  readonly relations?: (p: ParameterInts<P>) => readonly Relation[];
  readonly ports: (p: ParameterInts<P>) => Q;
  readonly body: (scope: Scope, p: ParameterInts<P>, io: PortValues<Q>) => void;
  /** Warnings that are waived here, their paths below the module, with the reason. */
  readonly waivers?: readonly Waiver[];
}

/**
 * Elaborates a module. Names of parameters and ports are the keys of the records; `body` describes the
 * hardware. Complaints are kept with the module; `emitDesign` throws them with all others.
 * @throws HdlError when `body` throws after a complaint, with what it threw as the cause.
 */
export function defineModule<
  const P extends Record<string, Parameter>,
  const Q extends Record<string, Port>,
>(definition: ModuleDefinition<P, Q>): TypedModule<Q> {
  const { name, doc, parameters, relations = () => [], waivers = [] } = definition;
  const p = parameterInts(parameters);
  const [{ related, ports, items }, diagnostics] = collect(name, () => {
    const related = relations(p);
    const ports = definition.ports(p);
    const io = Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [name, named(name, port.type)]),
    ) as PortValues<Q>;
    const scope = new Scope();
    definition.body(scope, p, io);
    return { related, ports, items: scope.settled };
  });
  const site = callSite();
  return {
    kind: 'module',
    name,
    doc,
    parameters,
    relations: related,
    ports,
    portTypes: ports,
    items,
    diagnostics,
    waivers,
    site,
  };
}
