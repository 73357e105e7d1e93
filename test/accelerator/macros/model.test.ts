import { describe, it } from 'vitest';
import { macroModel } from '../../../generator/accelerator/macros/model.js';
import { Random } from '../../../generator/base/random.js';
import { withMutants } from '../../support/mutants.js';
import type { InputVector, OutputVector } from '../../support/verilated-block.js';
import { ONE_PORT, SELECTED, TWO_PORTS, WRITE_AND_READ } from '../support/macro-lists.js';

const SEED = 5;

/** What nothing has written reads as. */
const START = 0b010101n;

/** Counts outputs that differ from what `step` says is in data out after each cycle; null: anything is right. */
function wrong(
  vectors: readonly InputVector[],
  out: readonly OutputVector[],
  step: (v: Record<string, number>) => Readonly<Record<string, bigint | null>>,
): number {
  let expected: Readonly<Record<string, bigint | null>> = {};
  return out.filter((seen, n) => {
    const differs = Object.entries(expected).some(([pin, v]) => v !== null && seen[pin] !== v);
    expected = { ...expected, ...step(vectors[n] as Record<string, number>) };
    return differs;
  }).length;
}

describe('the model of a macro', () => {
  it('of one port writes what its mask lets through, and keeps data out while it does not read', async () => {
    const random = new Random(SEED);
    const vectors = Array.from({ length: 2000 }, (_, n) => ({
      a_en: n < 8 ? 1 : random.below(4) > 0 ? 1 : 0,
      a_we: n < 8 ? 0 : random.below(2),
      a_re: n < 8 ? 1 : random.below(2),
      a_ad: n < 8 ? n : random.below(8),
      a_di: random.below(64),
      a_mask: random.below(4),
      ...{ dly: 1, bist: 0 },
    }));
    const change = (from: string, to: string) => ({ module: 'one_port', from, to });
    const block = await withMutants(macroModel(ONE_PORT), {
      'starts with zeros': change("6'd21", "6'd0"),
      'needs no enable to read': change('a_en && a_re', 'a_re'),
      'needs no enable to write': change('a_en && a_we', 'a_we'),
      'has the mask the other way round': change('= a_mask;', '= ~a_mask;'),
      'is kind to a read of what it writes': change('if (model_clash_0)', "if (1'b0)"),
    });
    await block.check(vectors, (out) => {
      const words = Array.from({ length: 8 }, () => START);
      return wrong(vectors, out, (v) => {
        const { a_ad = 0, a_di = 0, a_mask = 0 } = v;
        const [writes, reads] = [v.a_en && v.a_we, v.a_en && v.a_re];
        const old = words[a_ad] as bigint;
        if (writes) {
          const mask = BigInt((a_mask & 1 ? 0b000111 : 0) + (a_mask & 2 ? 0b111000 : 0));
          words[a_ad] = (old & ~mask) | (BigInt(a_di) & mask);
        }
        return reads ? { a_do: writes ? old ^ 63n : old } : {};
      });
    });
  });

  it('of two ports inverts a word that one reads while the other writes it', async () => {
    const random = new Random(SEED);
    const vectors = Array.from({ length: 3000 }, () => {
      const b = random.below(8);
      const a = random.below(8);
      const writes = random.below(2);
      return {
        ...{ a_en: 1, a_we: writes, a_re: 1 - writes, a_ad: a, a_di: random.below(64) },
        // both never write one word
        ...{ b_en: 1, b_we: a === b ? 0 : random.below(2), b_re: 1, b_ad: b },
        ...{ b_di: random.below(64), a_mask: random.below(64), b_mask: random.below(64) },
        b_clk: 0,
      };
    });
    const change = (from: string | RegExp, to: string) => ({ module: 'two_ports', from, to });
    const block = await withMutants(macroModel(TWO_PORTS), {
      'does not see the other port write': change(
        /\(model_write_0 && \(a_ad == b_ad\)\) \|\| model_write_1/,
        'model_write_1',
      ),
      'writes at the address of the other port': change(
        'model_words[b_ad] <=',
        'model_words[a_ad] <=',
      ),
    });
    await block.check(vectors, (out) => {
      const words = Array.from({ length: 8 }, () => START);
      return wrong(vectors, out, (v) => {
        const at = (port: 'a' | 'b') => ({
          address: v[`${port}_ad`] as number,
          writes: v[`${port}_we`] === 1,
          reads: v[`${port}_re`] === 1,
          data: BigInt(v[`${port}_di`] as number),
          mask: BigInt(v[`${port}_mask`] as number),
        });
        const ports = [at('a'), at('b')];
        const read = ports.map(({ address, reads, writes }, k) => {
          const other = ports[1 - k] as (typeof ports)[number];
          const clash = writes || (other.writes && other.address === address);
          const old = words[address] as bigint;
          return reads ? (clash ? old ^ 63n : old) : null;
        });
        for (const { address, writes, data, mask } of ports) {
          if (writes) words[address] = ((words[address] as bigint) & ~mask) | (data & mask);
        }
        return { ...(read[0] !== null && { a_do: read[0] as bigint }), b_do: read[1] as bigint };
      });
    });
  });

  it('has pins that act low, and masks of which low bits write', async () => {
    const random = new Random(SEED);
    const vectors = Array.from({ length: 2000 }, () => ({
      ...{ w_csb: random.below(2), w_ad: random.below(6), w_di: random.below(16) },
      ...{ w_mask_n: random.below(4), r_reb: random.below(2), r_ad: random.below(6), r_clk: 0 },
    }));
    const change = (from: string, to: string) => ({ module: 'write_and_read', from, to });
    const block = await withMutants(macroModel(WRITE_AND_READ), {
      'reads where its pin is high': change('!r_reb', 'r_reb'),
      'writes what the mask holds back': change('~w_mask_n', 'w_mask_n'),
    });
    await block.check(vectors, (out) => {
      const words = Array.from({ length: 6 }, () => 0b0101n);
      return wrong(vectors, out, (v) => {
        const { w_ad = 0, r_ad = 0, w_di = 0, w_mask_n = 0 } = v;
        const writes = v.w_csb === 0;
        const old = words[r_ad] as bigint;
        const read = v.r_reb === 0 ? { r_do: writes && w_ad === r_ad ? old ^ 15n : old } : {};
        if (writes) {
          const mask = BigInt((w_mask_n & 1 ? 0 : 0b0011) + (w_mask_n & 2 ? 0 : 0b1100));
          words[w_ad] = ((words[w_ad] as bigint) & ~mask) | (BigInt(w_di) & mask);
        }
        return read;
      });
    });
  });

  it('without a read enable loses its data out in a write', async () => {
    const random = new Random(SEED);
    const vectors = Array.from({ length: 1000 }, () => ({
      ...{
        csb: random.below(2),
        web: random.below(2),
        ad: random.below(16),
        di: random.below(256),
      },
    }));
    const block = await withMutants(macroModel(SELECTED), {
      'keeps it': {
        module: 'selected',
        from: /if \(model_write_0\) begin\s+do_0 <=[^;]*;\s+end/,
        to: '',
      },
    });
    await block.check(vectors, (out) => {
      const words = Array.from({ length: 16 }, () => 0b01010101n);
      return wrong(vectors, out, ({ csb, web, ad = 0, di = 0 }) => {
        if (csb === 1) return {};
        const old = words[ad] as bigint;
        if (web === 1) return { do_0: old };
        words[ad] = BigInt(di);
        return { do_0: old ^ 255n };
      });
    });
  });
});
