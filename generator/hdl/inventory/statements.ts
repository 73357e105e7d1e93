import type { Expr } from '../expr.js';
import type { Statement } from '../module.js';
import { targetName } from '../verilog/lower.js';
import { isConstant } from './logic.js';
import type { InventoryScope } from './scope.js';
import { countValue, port, readOf, type ValueDraft } from './values.js';

/** Counts what the registers and memories of an always block take at the clock edge. `name`: of the block, among those of a module. */
export function countAlways(
  body: readonly Statement[],
  place: InventoryScope,
  draft: ValueDraft,
  name: string,
): void {
  const taken = new Map<string, number>();
  for (const [n, statement] of body.entries()) {
    countStatement(statement, place, draft, taken, `${name}:${n}`);
  }
}

/**
 * `taken`: how often a register took a value that is no constant; each further time is a multiplexer. `branch`: the statement, and the
 * branches that lead to it.
 */
function countStatement(
  statement: Statement,
  place: InventoryScope,
  draft: ValueDraft,
  taken: Map<string, number>,
  branch: string,
): void {
  if (statement.kind === 'when') {
    countValue(statement.test, place, draft);
    for (const side of ['then', 'otherwise'] as const) {
      for (const [n, inner] of statement[side].entries()) {
        countStatement(inner, place, draft, taken, `${branch}/${side}/${n}`);
      }
    }
    return;
  }
  const { target, value } = statement;
  const written = readOf(target, place);
  if (written !== null) {
    written.memory.writes.push(port('clocked', written.node.index, place, branch));
    countValue(written.node.index, place, draft);
    countValue(value, place, draft);
    return;
  }
  const read = readOf(value, place);
  if (read !== null) {
    read.memory.reads.push(port('clocked', read.node.index, place, branch));
    countValue(read.node.index, place, draft);
    draft.logic.registers -= read.memory.width;
    draft.logic.readRegisters += read.memory.width;
    return;
  }
  countValue(value, place, draft, targetName(target));
  if (isConstant(value)) return;
  const key = `${targetName(target)} ${basePart(target, place)}`;
  const times = taken.get(key) ?? 0;
  if (times > 0) draft.logic.multiplexers += target.width.evaluate(place.at);
  taken.set(key, times + 1);
}

function basePart({ node }: Expr, place: InventoryScope): number {
  if (node.kind === 'cast') return basePart(node.a, place);
  return node.kind === 'part' ? node.base.evaluate(place.at) : 0;
}
