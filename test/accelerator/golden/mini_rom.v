// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Read-only memory with one synchronous read port. Latency: one cycle. Contents: $readmemh of
// INIT_FILE in the folder MEM_DIR, which counts from the working directory of the tool.
`default_nettype none

module mini_rom #(
  // Bits of a word
  parameter WIDTH = 8,
  // Words
  parameter DEPTH = 2,
  // Folder of INIT_FILE, with its / at the end
  parameter MEM_DIR = "",
  // Image file; empty: all words are zero
  parameter INIT_FILE = ""
) (
  input wire                                         clk,
  input wire                                         enable,  // data keeps its value while low
  input wire [(DEPTH > 1 ? $clog2(DEPTH) : 1) - 1:0] address,
  output reg [WIDTH - 1:0]                           data
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

  generate
    if (INIT_FILE == "") begin : g_words_clear
      integer words_index;
      initial begin
        for (words_index = 0; words_index < DEPTH; words_index = words_index + 1) begin
          words[words_index] = {WIDTH{1'b0}};
        end
      end
    end else if (MEM_DIR == "") begin : g_words_image
      initial $readmemh(INIT_FILE, words);
    end else begin : g_words_image_in_folder
      initial $readmemh({MEM_DIR, INIT_FILE}, words);
    end
  endgenerate

  always @(posedge clk) begin
    if (enable) begin
      data <= words[address];
    end
  end

endmodule

`default_nettype wire
