// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Memory with one write port and one synchronous read port. Latency: one cycle. A read of the word
// that is being written returns the old contents. Cleared at start-up; never cleared by reset.
`default_nettype none

module mini_ram #(
  // Bits of a word
  parameter WIDTH = 8,
  // Words
  parameter DEPTH = 2
) (
  input wire                                         clk,
  input wire                                         write_enable,
  input wire [(DEPTH > 1 ? $clog2(DEPTH) : 1) - 1:0] write_address,
  input wire [WIDTH - 1:0]                           write_data,
  // read_data keeps its value while low
  input wire                                         read_enable,
  input wire [(DEPTH > 1 ? $clog2(DEPTH) : 1) - 1:0] read_address,
  output reg [WIDTH - 1:0]                           read_data
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((WIDTH < 1) || (WIDTH > 65536)) begin : g_width_must_be_1_to_65536
      WIDTH_must_be_1_to_65536 parameter_error ();
    end
    if (DEPTH < 1) begin : g_depth_must_be_at_least_1
      DEPTH_must_be_at_least_1 parameter_error ();
    end
  endgenerate

  reg [WIDTH - 1:0] words[0:DEPTH - 1];

  integer words_index;
  initial begin
    for (words_index = 0; words_index < DEPTH; words_index = words_index + 1) begin
      words[words_index] = {WIDTH{1'b0}};
    end
  end

  always @(posedge clk) begin
    if (write_enable) begin
      words[write_address] <= write_data;
    end
    if (read_enable) begin
      read_data <= words[read_address];
    end
  end

endmodule

`default_nettype wire
