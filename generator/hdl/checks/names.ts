import type { Diagnostic } from '../diagnostics.js';
import type { Item, Module } from '../module.js';
import { memoryNames } from '../verilog/lower.js';

const KEYWORDS = new Set(
  (
    'always and assign automatic begin buf bufif0 bufif1 case casex casez cell cmos config deassign default ' +
    'defparam design disable edge else end endcase endconfig endfunction endgenerate endmodule endprimitive ' +
    'endspecify endtable endtask event for force forever fork function generate genvar highz0 highz1 if ifnone ' +
    'incdir include initial inout input instance integer join large liblist library localparam macromodule ' +
    'medium module nand negedge nmos nor noshowcancelled not notif0 notif1 or output parameter pmos posedge ' +
    'primitive pull0 pull1 pulldown pullup real realtime reg release repeat rnmos rpmos rtran scalared signed ' +
    'small specify specparam strong0 strong1 supply0 supply1 table task time tran tri tri0 tri1 triand trior ' +
    'trireg unsigned use vectored wait wand weak0 weak1 while wire wor xnor xor ' +
    'alias assert assume before bind bins bit break byte chandle class clocking const constraint context ' +
    'continue cover cross dist do endclass endgroup enum expect export extends extern final first_match ' +
    'foreach forkjoin iff import inside int interface intersect local logic longint matches modport new null ' +
    'package packed priority program property protected pure rand randc ref return sequence shortint solve ' +
    'static string struct super tagged this throughout timeprecision timeunit type typedef union unique var ' +
    'virtual void with within ' +
    'abs access after all architecture array attribute block body buffer bus component configuration entity ' +
    'exit file generic group in is label linkage literal loop map mod next nor of on open others out procedure ' +
    'process range record register reject rem report rol ror select severity signal sla sll sra srl subtype ' +
    'then to transport unaffected units until variable when'
  ).split(' '),
);

/** True for a word that Verilog, SystemVerilog or VHDL reserves. */
export function isKeyword(name: string): boolean {
  return KEYWORDS.has(name.toLowerCase());
}

interface Declared {
  readonly name: string;
  readonly site: string;
}

/** Keywords, and names that are the same or differ only in case, within each scope. */
export function checkNames(module: Module): Diagnostic[] {
  const found: Diagnostic[] = [];
  const declare = (
    names: readonly Declared[],
    outer: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string> => {
    const seen = new Map(outer);
    for (const { name, site } of names) {
      const where = `${module.name}.${name}`;
      const other = seen.get(name.toLowerCase());
      if (isKeyword(name)) found.push({ code: 'RESERVED_NAME', message: where, site });
      if (other !== undefined) {
        found.push({ code: 'NAME_CLASH', message: `${where} and ${module.name}.${other}`, site });
      }
      seen.set(name.toLowerCase(), name);
    }
    return seen;
  };
  const visit = (items: readonly Item[], outer: ReadonlyMap<string, string>): void => {
    const seen = declare(items.flatMap(declared), outer);
    for (const item of items) {
      if (item.kind === 'for') visit(item.items, seen);
      if (item.kind === 'if') {
        visit(item.then, seen);
        visit(item.otherwise, seen);
      }
    }
  };
  const outside = [...Object.entries(module.parameters), ...Object.entries(module.ports)];
  const top = declare(
    [
      { name: module.name, site: module.site },
      ...outside.map(([name, { site }]) => ({ name, site })),
    ],
    new Map(),
  );
  visit(module.items, top);
  return found;
}

/** Every name that an item brings into its scope, those of loop counters and blocks too. */
function declared(item: Item): Declared[] {
  const names = (...list: string[]): Declared[] => list.map((name) => ({ name, site: item.site }));
  switch (item.kind) {
    case 'signal':
    case 'local':
    case 'instance':
    case 'unused':
      return names(item.name);
    case 'memory':
      return names(item.name, ...Object.values(memoryNames(item.name)));
    case 'for':
      return names(item.variable, item.label);
    case 'if':
      return names(item.label, ...(item.otherwise.length > 0 ? [`${item.label}_else`] : []));
    default:
      return [];
  }
}
