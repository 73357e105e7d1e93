// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// MAC array. Each cycle takes one tile of TILE_ROWS x TILE_COLS weights for each gate and row
// group with the activation word of its address stream; `first` starts a new sum. Latency:
// product, clog2(TILE_COLS) levels of the adder tree, accumulator. Sums are exact.
`default_nettype none

module mini_mac_array #(
  // Bits of a weight
  parameter WEIGHT_BITS = 6,
  // Bits of an activation
  parameter ACT_BITS = 13,
  // Rows of a tile
  parameter TILE_ROWS = 4,
  // Columns of a tile, a power of two
  parameter TILE_COLS = 4,
  // Row groups in parallel
  parameter ROW_GROUPS = 1,
  // Activation words per cycle
  parameter STREAMS = 1,
  // Neighbouring row groups that share an activation word
  parameter STREAM_SHARE = 1,
  // Activation words between one gate and the next; 0: the gates share them
  parameter GATE_STREAMS = 0,
  // Bits of an accumulator: the worst case of the shape
  parameter ACC_BITS = 23,
  // 1: products keep their value while no operands come; 0: they need not, and a multiplier block
  // whose register has no enable can hold them
  parameter HOLD_PRODUCTS = 1
) (
  input wire                                                               clk,
  input wire                                                               rst,
  // operands are present
  input wire                                                               valid,
  // they are the first of a sum
  input wire                                                               first,
  // [row group][gate][row][column], column low
  input wire  [4 * ROW_GROUPS * TILE_COLS * TILE_ROWS * WEIGHT_BITS - 1:0] weights,
  // [stream][column]
  input wire  [ACT_BITS * STREAMS * TILE_COLS - 1:0]                       activations,
  // [row group][row][gate], gate low
  output wire [4 * ACC_BITS * ROW_GROUPS * TILE_ROWS - 1:0]                sums
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((WEIGHT_BITS < 2) || (WEIGHT_BITS > 16)) begin : g_weight_bits_must_be_2_to_16
      WEIGHT_BITS_must_be_2_to_16 parameter_error ();
    end
    if ((ACT_BITS < 4) || (ACT_BITS > 16)) begin : g_act_bits_must_be_4_to_16
      ACT_BITS_must_be_4_to_16 parameter_error ();
    end
    if (TILE_ROWS < 1) begin : g_tile_rows_must_be_at_least_1
      TILE_ROWS_must_be_at_least_1 parameter_error ();
    end
    if (TILE_COLS < 1) begin : g_tile_cols_must_be_at_least_1
      TILE_COLS_must_be_at_least_1 parameter_error ();
    end
    if (ROW_GROUPS < 1) begin : g_row_groups_must_be_at_least_1
      ROW_GROUPS_must_be_at_least_1 parameter_error ();
    end
    if (STREAMS < 1) begin : g_streams_must_be_at_least_1
      STREAMS_must_be_at_least_1 parameter_error ();
    end
    if (STREAM_SHARE < 1) begin : g_stream_share_must_be_at_least_1
      STREAM_SHARE_must_be_at_least_1 parameter_error ();
    end
    if (GATE_STREAMS < 0) begin : g_gate_streams_must_be_at_least_0
      GATE_STREAMS_must_be_at_least_0 parameter_error ();
    end
    if (ACC_BITS < 1) begin : g_acc_bits_must_be_at_least_1
      ACC_BITS_must_be_at_least_1 parameter_error ();
    end
    if ((HOLD_PRODUCTS < 0) || (HOLD_PRODUCTS > 1)) begin : g_hold_products_must_be_0_to_1
      HOLD_PRODUCTS_must_be_0_to_1 parameter_error ();
    end
    if (TILE_COLS != (1 << $clog2(TILE_COLS))) begin : g_tile_cols_must_be_a_power_of_two
      TILE_COLS_must_be_a_power_of_two parameter_error ();
    end
    if (
        ACC_BITS < (ACT_BITS + WEIGHT_BITS + $clog2(TILE_COLS))
    ) begin : g_acc_bits_must_hold_the_sum_of_a_tile
      ACC_BITS_must_hold_the_sum_of_a_tile parameter_error ();
    end
    if (
        STREAMS <= (3 * GATE_STREAMS + (ROW_GROUPS - 1) / STREAM_SHARE)
    ) begin : g_streams_must_hold_those_of_every_gate_and_row_group
      STREAMS_must_hold_those_of_every_gate_and_row_group parameter_error ();
    end
  endgenerate

  localparam PRODUCT_BITS = ACT_BITS + WEIGHT_BITS;
  localparam LEVELS = $clog2(TILE_COLS);
  localparam TREE_BITS = LEVELS + PRODUCT_BITS;
  // cycles from operands to their sum
  localparam SUM_STAGE = LEVELS + 1;

  // bit n: operands came n cycles ago
  wire [LEVELS + 1:0] valid_at;
  // bit n: they started a sum
  wire [LEVELS + 1:0] first_at;
  reg [SUM_STAGE - 1:0] valid_line;
  reg [SUM_STAGE - 1:0] first_line;
  assign valid_at = {valid_line, valid};
  assign first_at = {first_line, first};

  always @(posedge clk) begin
    if (rst) begin
      valid_line <= {SUM_STAGE{1'b0}};
    end else begin
      valid_line <= valid_at[SUM_STAGE - 1:0];
    end
    first_line <= first_at[SUM_STAGE - 1:0];
  end

  genvar slice;
  generate
    for (slice = 0; slice < ROW_GROUPS; slice = slice + 1) begin : g_slice
      genvar gate;
      for (gate = 0; gate < 4; gate = gate + 1) begin : g_gate
        genvar row;
        for (row = 0; row < TILE_ROWS; row = row + 1) begin : g_row
          wire signed [TREE_BITS - 1:0] total;

          if (TILE_COLS == 1) begin : g_single
            wire signed [ACT_BITS - 1:0] activation =
                $signed(activations[
                    ACT_BITS * GATE_STREAMS * TILE_COLS * gate +
                    ACT_BITS * TILE_COLS * (slice / STREAM_SHARE) +:
                    ACT_BITS
                ]);
            wire signed [WEIGHT_BITS - 1:0] weight =
                $signed(weights[
                    TILE_COLS * TILE_ROWS * WEIGHT_BITS * gate +
                    4 * TILE_COLS * TILE_ROWS * WEIGHT_BITS * slice +
                    TILE_COLS * WEIGHT_BITS * row +:
                    WEIGHT_BITS
                ]);
            wire signed [TREE_BITS - 1:0] product;

            if (HOLD_PRODUCTS == 1) begin : g_hold
              reg signed [TREE_BITS - 1:0] held;
              assign product = held;

              always @(posedge clk) begin
                if (valid) begin
                  held <= weight * activation;
                end
              end
            end else begin : g_free
              reg signed [PRODUCT_BITS - 1:0] held;
              assign product =
                  $signed({{(TREE_BITS - PRODUCT_BITS){held[PRODUCT_BITS - 1]}}, held});

              always @(posedge clk) begin
                held <= weight * activation;
              end
            end

            assign total = product;
          end else begin : g_tree
            localparam PAIRS = TILE_COLS / 2;
            // products are in registers
            localparam PAIR_STAGE = 1;

            // Adder tree: the sums of two products, then sums of two nodes before.

            genvar node;
            for (node = 0; node < 2 * PAIRS - 1; node = node + 1) begin : g_node
              reg signed [TREE_BITS - 1:0] sum;

              if (node < PAIRS) begin : g_pair
                wire signed [ACT_BITS - 1:0] activation_even =
                    $signed(activations[
                        ACT_BITS * GATE_STREAMS * TILE_COLS * gate +
                        ACT_BITS * TILE_COLS * (slice / STREAM_SHARE) +
                        2 * ACT_BITS * node +:
                        ACT_BITS
                    ]);
                wire signed [WEIGHT_BITS - 1:0] weight_even =
                    $signed(weights[
                        TILE_COLS * TILE_ROWS * WEIGHT_BITS * gate +
                        4 * TILE_COLS * TILE_ROWS * WEIGHT_BITS * slice +
                        TILE_COLS * WEIGHT_BITS * row +
                        2 * WEIGHT_BITS * node +:
                        WEIGHT_BITS
                    ]);
                wire signed [TREE_BITS - 1:0] product_even;
                wire signed [ACT_BITS - 1:0] activation_odd =
                    $signed(activations[
                        ACT_BITS +
                        ACT_BITS * GATE_STREAMS * TILE_COLS * gate +
                        ACT_BITS * TILE_COLS * (slice / STREAM_SHARE) +
                        2 * ACT_BITS * node +:
                        ACT_BITS
                    ]);
                wire signed [WEIGHT_BITS - 1:0] weight_odd =
                    $signed(weights[
                        TILE_COLS * TILE_ROWS * WEIGHT_BITS * gate +
                        4 * TILE_COLS * TILE_ROWS * WEIGHT_BITS * slice +
                        TILE_COLS * WEIGHT_BITS * row +
                        WEIGHT_BITS +
                        2 * WEIGHT_BITS * node +:
                        WEIGHT_BITS
                    ]);
                wire signed [TREE_BITS - 1:0] product_odd;

                if (HOLD_PRODUCTS == 1) begin : g_hold
                  reg signed [TREE_BITS - 1:0] held_even;
                  assign product_even = held_even;
                  reg signed [TREE_BITS - 1:0] held_odd;
                  assign product_odd = held_odd;

                  always @(posedge clk) begin
                    if (valid) begin
                      held_even <= weight_even * activation_even;
                      held_odd <= weight_odd * activation_odd;
                    end
                  end
                end else begin : g_free
                  reg signed [PRODUCT_BITS - 1:0] held_even;
                  assign product_even =
                      $signed({
                          {(TREE_BITS - PRODUCT_BITS){held_even[PRODUCT_BITS - 1]}}, held_even
                      });
                  reg signed [PRODUCT_BITS - 1:0] held_odd;
                  assign product_odd =
                      $signed({{(TREE_BITS - PRODUCT_BITS){held_odd[PRODUCT_BITS - 1]}}, held_odd});

                  always @(posedge clk) begin
                    held_even <= weight_even * activation_even;
                    held_odd <= weight_odd * activation_odd;
                  end
                end

                always @(posedge clk) begin
                  if (valid_at[PAIR_STAGE]) begin
                    sum <= product_even + product_odd;
                  end
                end
              end else begin : g_inner
                always @(posedge clk) begin
                  if (valid_at[SUM_STAGE - $clog2(2 * PAIRS - node)]) begin
                    sum <= g_node[2 * node - 2 * PAIRS].sum + g_node[2 * node - 2 * PAIRS + 1].sum;
                  end
                end
              end
            end

            assign total = g_node[2 * PAIRS - 2].sum;
          end

          reg signed [ACC_BITS - 1:0] accumulator;

          always @(posedge clk) begin
            if (valid_at[SUM_STAGE]) begin
              accumulator <=
                  (first_at[SUM_STAGE] ? $signed({ACC_BITS{1'b0}}) : accumulator) +
                  $signed({{(ACC_BITS - TREE_BITS){total[TREE_BITS - 1]}}, total});
            end
          end

          assign sums[
              4 * ACC_BITS * TILE_ROWS * slice + ACC_BITS * gate + 4 * ACC_BITS * row +:
              ACC_BITS
          ] = $unsigned(accumulator);
        end
      end
    end
  endgenerate

endmodule

`default_nettype wire
