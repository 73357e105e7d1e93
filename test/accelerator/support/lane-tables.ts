import { tableSize } from '../../../generator/accelerator/cell/activation-table.js';
import { activationImage } from '../../../generator/accelerator/images/activation.js';
import type { ActivationTable } from '../../../generator/network/model.js';
import { magnitudeBits, tableOne } from '../../../generator/network/table-scheme.js';
import { tablesFor } from '../../../generator/network/tables.js';

/** Tables of a scheme as a block is given them, with a sigmoid that reaches 1 inside the table beside the real one. */
export function tablesIn(bits: number) {
  const tables = tablesFor(bits);
  const { scheme } = tables;
  const image = (table: ActivationTable) => activationImage([table], scheme, tableSize(scheme));
  // with the real one, o * tanh does not come to +1 where the range ends at 8
  const end = (100 * scheme.segments) / 128;
  const steep = {
    y0: tables.sigmoid.y0.map((y, k) => (k < end ? y : tableOne(scheme))),
    slope: tables.sigmoid.slope.map((s, k) => (k < end ? s : 0)),
  };
  const least = -(2 ** magnitudeBits(scheme));
  const files = {
    'mem/dut_sigmoid.mem': image(tables.sigmoid),
    'mem/dut_tanh.mem': image(tables.tanh),
  };
  return { tables, scheme, steep, least, files, steepFile: image(steep) };
}
