import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { flowFiles } from '../../../generator/design/files/flow-files.js';
import { moduleHeader } from '../../../generator/design/write/documents.js';
import type { FlowDesign } from '../../../generator/flow/target.js';

/** A top with the ports of a design, a multiplication and a little logic: every tool is done with it in seconds. */
const COUNTER = `\`default_nettype none
module counter (
  input wire         clk,
  input wire         rst,
  input wire  [15:0] s_axis_tdata,
  input wire         s_axis_tvalid,
  output wire        s_axis_tready,
  output reg  [31:0] m_axis_tdata
);
  assign s_axis_tready = 1'b1;
  reg signed [15:0] last;
  always @(posedge clk) begin
    if (rst) m_axis_tdata <= 32'd0;
    else if (s_axis_tvalid) m_axis_tdata <= m_axis_tdata + $signed(s_axis_tdata) * last;
    last <= s_axis_tdata;
  end
endmodule
\`default_nettype wire
`;

/** What the counter multiplies has no register of its own. */
const PRODUCT = { a: 16, b: 16, width: 32, signed: true };

const chip = { macros: [], blocks: [], registers: [] };

/** Writes the module with the flow of a design around it. */
export function counterDesign(directory: string): FlowDesign {
  const files = new Map(
    flowFiles({
      ...{
        name: 'counter',
        core: 'counter_core',
        contents: '0',
        images: [],
        chip,
        products: [PRODUCT],
        heldProducts: true,
        specialised: true,
      },
      ...{ rtlFiles: ['rtl/counter.v'], macroModels: [], header: moduleHeader(COUNTER, 'counter') },
    }),
  );
  files.set('rtl/counter.v', COUNTER);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return { directory, name: 'counter', memoryBits: 0, chip: () => chip };
}
