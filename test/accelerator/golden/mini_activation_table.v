// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Piecewise linear function of |u|: y = y0[k] + ((slope[k] * r + 32) >> 6), k = |u| >> 6, r = |u|
// mod 64, |u| clamped to 8191. u has 10 fraction bits, y has 12. Latency: ROM, register, product,
// sum: four cycles.
`default_nettype none

module mini_activation_table #(
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Image of the table: {slope, y0} of each segment
  parameter TABLE_FILE = "mini_sigmoid.mem"
) (
  input wire                clk,
  input wire         [3:0]  active,  // bit n: a value came n cycles ago
  input wire  signed [13:0] u,
  output reg         [12:0] y,       // value at |u|, 0 ... 4096
  output wire               negative // u was below zero
);

  // Stages, in cycles after u; y follows the last.

  // the word of the segment is read
  localparam WORD_STAGE = 1;
  // slope and place in the segment meet
  localparam PRODUCT_STAGE = 2;
  // y0 and the rise do
  localparam SUM_STAGE = 3;

  // -8192 has no positive twin
  wire lowest = u[13] && !(|u[12:0]);
  wire [12:0] magnitude = lowest ? 13'd8191 : (u[13] ? ~u[12:0] + 13'd1 : u[12:0]);
  wire [21:0] word;

  mini_rom #(
    .WIDTH     (22),
    .DEPTH     (128),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (TABLE_FILE)
  ) u_table (
    .clk     (clk),
    .enable  (active[0]),
    .address (magnitude[12:6]),
    .data    (word)
  );

  reg [21:0] word_late;
  reg [12:0] y0;
  reg [14:0] product;
  reg [SUM_STAGE:0] sign_line;

  always @(posedge clk) begin
    sign_line <= {sign_line[SUM_STAGE - 1:0], u[13]};
  end

  reg [11:0] rest_line;

  always @(posedge clk) begin
    rest_line <= {rest_line[5:0], magnitude[5:0]};
  end

  wire [8:0] slope = word_late[21:13];
  // a product as a sum of shifted words: the factors are too narrow to spend a multiplier on
  wire [14:0] rise_exact_factor = {{6{1'b0}}, slope};

  genvar rise_exact_bit;
  generate
    for (
        rise_exact_bit = 0;
        rise_exact_bit < 6;
        rise_exact_bit = rise_exact_bit + 1
    ) begin : g_rise_exact_bit
      // sum of the terms up to this one
      wire [14:0] partial;

      if (rise_exact_bit == 0) begin : g_first
        assign partial =
            {15{rest_line[rise_exact_bit + 6]}} & (rise_exact_factor << rise_exact_bit);
      end else begin : g_next
        assign partial =
            g_rise_exact_bit[rise_exact_bit - 1].partial +
            ({15{rest_line[rise_exact_bit + 6]}} & (rise_exact_factor << rise_exact_bit));
      end
    end
  endgenerate

  wire [14:0] rise_exact = g_rise_exact_bit[5].partial;

  always @(posedge clk) begin
    if (active[WORD_STAGE]) begin
      word_late <= word;
    end
    if (active[PRODUCT_STAGE]) begin
      y0 <= word_late[12:0];
      product <= rise_exact;
    end
  end

  // slope * r, rounded half up by six bits
  wire [12:0] rise = {{4{1'b0}}, product[14:6]} + {{12{1'b0}}, product[5]};
  wire unused_product = &{1'b0, product, 1'b0};

  always @(posedge clk) begin
    if (active[SUM_STAGE]) begin
      y <= y0 + rise;
    end
  end

  assign negative = sign_line[SUM_STAGE];

endmodule

`default_nettype wire
