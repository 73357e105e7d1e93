// MAC array. Each cycle takes one tile of TILE_ROWS x TILE_COLS weights for each gate and row
// group with the activation word of its address stream; `first` starts a new sum. Latency:
// product, tree and accumulator, three cycles. Sums are exact.
// @[generator/accelerator/datapath/mac-array.ts:27]
`default_nettype none

module mini_mac_array #(
  // Bits of a weight
  parameter WEIGHT_BITS = 6,
  // Bits of an activation
  parameter ACT_BITS = 13,
  // Rows of a tile
  parameter TILE_ROWS = 4,
  // Columns of a tile
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
  parameter ACC_BITS = 23
) (
  input wire                                                               clk,
  input wire                                                               rst,
  input wire                                                               valid,       // operands are present
  input wire                                                               first,       // they are the first of a sum
  input wire  [4 * ROW_GROUPS * TILE_COLS * TILE_ROWS * WEIGHT_BITS - 1:0] weights,     // [row group][gate][row][column], column low
  input wire  [ACT_BITS * STREAMS * TILE_COLS - 1:0]                       activations, // [stream][column]
  output wire [4 * ACC_BITS * ROW_GROUPS * TILE_ROWS - 1:0]                sums         // [row group][row][gate], gate low
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((WEIGHT_BITS < 2) || (WEIGHT_BITS > 16)) WEIGHT_BITS_must_be_2_to_16 parameter_error ();
    if ((ACT_BITS < 4) || (ACT_BITS > 16)) ACT_BITS_must_be_4_to_16 parameter_error ();
    if (TILE_ROWS < 1) TILE_ROWS_must_be_at_least_1 parameter_error ();
    if (TILE_COLS < 1) TILE_COLS_must_be_at_least_1 parameter_error ();
    if (ROW_GROUPS < 1) ROW_GROUPS_must_be_at_least_1 parameter_error ();
    if (STREAMS < 1) STREAMS_must_be_at_least_1 parameter_error ();
    if (STREAM_SHARE < 1) STREAM_SHARE_must_be_at_least_1 parameter_error ();
    if (GATE_STREAMS < 0) GATE_STREAMS_must_be_at_least_0 parameter_error ();
    if (ACC_BITS < 1) ACC_BITS_must_be_at_least_1 parameter_error ();
  endgenerate

  // @[generator/accelerator/datapath/mac-array.ts:63]
  localparam PRODUCT_BITS = ACT_BITS + WEIGHT_BITS;

  // @[generator/accelerator/pipeline.ts:60]
  reg [1:0] valid_line;

  // @[generator/accelerator/pipeline.ts:63]
  always @(posedge clk) begin
    if (rst) begin
      valid_line <= 2'd0;
    end else begin
      valid_line <= {valid_line[0], valid};
    end
  end

  // @[generator/accelerator/datapath/mac-array.ts:65]
  // start of a sum, one and two cycles late
  reg [1:0] first_line;

  // @[generator/accelerator/datapath/mac-array.ts:66]
  always @(posedge clk) begin
    first_line[0] <= first;
    first_line[1] <= first_line[0];
  end

  // @[generator/accelerator/datapath/mac-array.ts:67]
  genvar slice;
  generate
    for (slice = 0; slice < ROW_GROUPS; slice = slice + 1) begin : g_slice
      // @[generator/accelerator/datapath/mac-array.ts:68]
      genvar gate;
      for (gate = 0; gate < 4; gate = gate + 1) begin : g_gate
        // @[generator/accelerator/datapath/mac-array.ts:69]
        genvar row;
        for (row = 0; row < TILE_ROWS; row = row + 1) begin : g_row
          // @[generator/accelerator/datapath/mac-array.ts:70]
          genvar column;
          for (column = 0; column < TILE_COLS; column = column + 1) begin : g_column
            // @[generator/accelerator/datapath/mac-array.ts:77]
            wire signed [ACT_BITS - 1:0] activation = $signed(activations[ACT_BITS * GATE_STREAMS * TILE_COLS * gate + ACT_BITS * TILE_COLS * (slice / STREAM_SHARE) + ACT_BITS * column +: ACT_BITS]);
            wire signed [WEIGHT_BITS - 1:0] weight = $signed(weights[TILE_COLS * TILE_ROWS * WEIGHT_BITS * gate + 4 * TILE_COLS * TILE_ROWS * WEIGHT_BITS * slice + TILE_COLS * WEIGHT_BITS * row + WEIGHT_BITS * column +: WEIGHT_BITS]);
            reg signed [PRODUCT_BITS - 1:0] product;

            // @[generator/accelerator/datapath/mac-array.ts:91]
            always @(posedge clk) begin
              if (valid) begin
                product <= weight * activation;
              end
            end

            // @[generator/accelerator/datapath/mac-array.ts:70]
            // up to this one
            wire signed [PRODUCT_BITS + $clog2(TILE_COLS) - 1:0] partial;

            if (column == 0) begin : g_first
              assign partial = $signed({{($clog2(TILE_COLS)){product[PRODUCT_BITS - 1]}}, product});
            end else begin : g_next
              assign partial = g_column[column - 1].partial + $signed({{($clog2(TILE_COLS)){product[PRODUCT_BITS - 1]}}, product});
            end
          end

          // @[generator/accelerator/datapath/mac-array.ts:95]
          reg signed [PRODUCT_BITS + $clog2(TILE_COLS) - 1:0] tree;
          reg signed [ACC_BITS - 1:0] accumulator;

          // @[generator/accelerator/datapath/mac-array.ts:98]
          always @(posedge clk) begin
            if (valid_line[0]) begin
              tree <= g_column[TILE_COLS - 1].partial;
            end
            if (valid_line[1]) begin
              accumulator <= (first_line[1] ? $signed({ACC_BITS{1'b0}}) : accumulator) + $signed({{(ACC_BITS - PRODUCT_BITS - $clog2(TILE_COLS)){tree[PRODUCT_BITS + $clog2(TILE_COLS) - 1]}}, tree});
            end
          end

          // @[generator/accelerator/datapath/mac-array.ts:108]
          assign sums[4 * ACC_BITS * TILE_ROWS * slice + ACC_BITS * gate + 4 * ACC_BITS * row +: ACC_BITS] = $unsigned(accumulator);
        end
      end
    end
  endgenerate

endmodule

`default_nettype wire
