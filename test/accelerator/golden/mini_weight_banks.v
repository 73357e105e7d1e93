// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Weight memories, one bank per parallel row group; one word is a tile for each slice of the
// array. Words are stored in the order in which a frame reads them, so their addresses count up,
// from a base for each layer on. A bank is one ROM. Latency: 3 cycles.
`default_nettype none

module mini_weight_banks #(
  // Bits of a word of one bank: [gate][row][column]
  parameter BANK_BITS = 384,
  // Words of a bank: tiles of a frame
  parameter DEPTH = 20,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Image of ROM 0
  parameter WEIGHT_FILE_0 = "mini_weights_0.mem"
) (
  input wire                                         clk,
  input wire                                         rst,
  input wire                                         advance, // a tile is read
  input wire [(DEPTH > 1 ? $clog2(DEPTH) : 1) - 1:0] address, // its word
  output reg [BANK_BITS - 1:0]                       weights  // [bank], 3 cycles late
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((BANK_BITS < 1) || (BANK_BITS > 65536)) begin : g_bank_bits_must_be_1_to_65536
      BANK_BITS_must_be_1_to_65536 parameter_error ();
    end
    if ((DEPTH < 1) || (DEPTH > 2048)) begin : g_depth_must_be_1_to_2048
      DEPTH_must_be_1_to_2048 parameter_error ();
    end
  endgenerate

  // Stages, in cycles after `advance`; the weights follow the last.

  // words are read
  localparam WORD_STAGE = 1;
  // each bank has its word
  localparam CHOOSE_STAGE = 2;

  reg [CHOOSE_STAGE - 1:0] valid_line;

  always @(posedge clk) begin
    if (rst) begin
      valid_line <= {CHOOSE_STAGE{1'b0}};
    end else begin
      valid_line <= {valid_line[0], advance};
    end
  end

  // [bank][ROM]
  wire [BANK_BITS - 1:0] words;
  reg [BANK_BITS - 1:0] words_late;

  always @(posedge clk) begin
    if (valid_line[WORD_STAGE - 1]) begin
      words_late <= words;
    end
  end

  mini_rom #(
    .WIDTH     (BANK_BITS),
    .DEPTH     (DEPTH),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (WEIGHT_FILE_0)
  ) u_bank_0 (
    .clk     (clk),
    .enable  (advance),
    .address (address),
    .data    (words)
  );

  always @(posedge clk) begin
    if (valid_line[CHOOSE_STAGE - 1]) begin
      weights <= words_late;
    end
  end

endmodule

`default_nettype wire
