// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// HCGS index decoder, 2 levels. Walks the kept blocks of a half (x or h side) of one row group
// set: the innermost block is counted through, each level adds block number x stride. A level's
// ROM holds the numbers of the kept blocks of every block row in walking order. Latency from
// `advance` to `address`: 4 cycles.
`default_nettype none

module mini_hcgs_decoder #(
  // Bits of a layer table word: the sum of its fields
  parameter LAYER_BITS = 77,
  // Bits of the count of row group sets
  parameter GROUP_BITS = 2,
  // Row group sets whose ready half can wait
  parameter SUM_SLOTS = 1,
  // Bits of the address of a weight word
  parameter WEIGHT_ADDRESS_BITS = 5,
  // Bits of an activation address
  parameter ADDRESS_BITS = 4,
  // Columns of a tile: activations of a word
  parameter TILE_COLS = 4,
  // Bits of the count of tiles in an innermost block
  parameter INNER_BITS = 2,
  // Bits of the count of kept blocks, level 0
  parameter KEEP_BITS_0 = 1,
  // Bits of the distance between blocks, level 0
  parameter STRIDE_BITS_0 = 2,
  // Bits of the count of sets in a block row, level 0
  parameter REPEAT_BITS_0 = 3,
  // Words of the index ROM of level 0
  parameter INDEX_DEPTH_0 = 8,
  // Bits of the count of kept blocks, level 1
  parameter KEEP_BITS_1 = 1,
  // Bits of the distance between blocks, level 1
  parameter STRIDE_BITS_1 = 1,
  // Bits of the count of sets in a block row, level 1
  parameter REPEAT_BITS_1 = 3,
  // Words of the index ROM of level 1
  parameter INDEX_DEPTH_1 = 16,
  // Activation addresses per cycle
  parameter STREAMS = 1,
  // Words of one buffer of the x memory
  parameter X_BUFFER_WORDS = 4,
  // Words of one buffer of the h memory
  parameter H_BUFFER_WORDS = 8,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Bits of a block number of level 0
  parameter INDEX_BITS_0 = 1,
  // Block rows of level 0 walked at the same time
  parameter INDEX_COPIES_0 = 1,
  // Image of the index ROM of level 0
  parameter INDEX_FILE_0 = "mini_index_0.mem",
  // Bits of a block number of level 1
  parameter INDEX_BITS_1 = 1,
  // Block rows of level 1 walked at the same time
  parameter INDEX_COPIES_1 = 1,
  // Image of the index ROM of level 1
  parameter INDEX_FILE_1 = "mini_index_1.mem"
) (
  input wire                                 clk,
  input wire                                 rst,
  // take the start of the next layer
  input wire                                 load,
  // layer table word that load takes
  input wire  [LAYER_BITS - 1:0]             next_layer,
  // layer table word of the running layer
  input wire  [LAYER_BITS - 1:0]             layer,
  // the tile belongs to the input side
  input wire                                 x_side,
  // its activations are in the x memory
  input wire                                 from_input,
  // in the upper buffer
  input wire                                 upper_buffer,
  // the tile is issued
  input wire                                 advance,
  // first tile of a half
  output wire                                tile_first,
  // last tile of a half
  output wire                                tile_last,
  // activation words, [stream]
  output wire [ADDRESS_BITS * STREAMS - 1:0] address,
  // a cycle later: columns that the matrix has, [stream][column]
  output reg  [STREAMS * TILE_COLS - 1:0]    present
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if (LAYER_BITS < 1) begin : g_layer_bits_must_be_at_least_1
      LAYER_BITS_must_be_at_least_1 parameter_error ();
    end
    if (GROUP_BITS < 1) begin : g_group_bits_must_be_at_least_1
      GROUP_BITS_must_be_at_least_1 parameter_error ();
    end
    if (SUM_SLOTS < 1) begin : g_sum_slots_must_be_at_least_1
      SUM_SLOTS_must_be_at_least_1 parameter_error ();
    end
    if (WEIGHT_ADDRESS_BITS < 1) begin : g_weight_address_bits_must_be_at_least_1
      WEIGHT_ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (ADDRESS_BITS < 1) begin : g_address_bits_must_be_at_least_1
      ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (TILE_COLS < 1) begin : g_tile_cols_must_be_at_least_1
      TILE_COLS_must_be_at_least_1 parameter_error ();
    end
    if (INNER_BITS < 1) begin : g_inner_bits_must_be_at_least_1
      INNER_BITS_must_be_at_least_1 parameter_error ();
    end
    if (KEEP_BITS_0 < 1) begin : g_keep_bits_0_must_be_at_least_1
      KEEP_BITS_0_must_be_at_least_1 parameter_error ();
    end
    if (STRIDE_BITS_0 < 1) begin : g_stride_bits_0_must_be_at_least_1
      STRIDE_BITS_0_must_be_at_least_1 parameter_error ();
    end
    if (REPEAT_BITS_0 < 1) begin : g_repeat_bits_0_must_be_at_least_1
      REPEAT_BITS_0_must_be_at_least_1 parameter_error ();
    end
    if (INDEX_DEPTH_0 < 1) begin : g_index_depth_0_must_be_at_least_1
      INDEX_DEPTH_0_must_be_at_least_1 parameter_error ();
    end
    if (KEEP_BITS_1 < 1) begin : g_keep_bits_1_must_be_at_least_1
      KEEP_BITS_1_must_be_at_least_1 parameter_error ();
    end
    if (STRIDE_BITS_1 < 1) begin : g_stride_bits_1_must_be_at_least_1
      STRIDE_BITS_1_must_be_at_least_1 parameter_error ();
    end
    if (REPEAT_BITS_1 < 1) begin : g_repeat_bits_1_must_be_at_least_1
      REPEAT_BITS_1_must_be_at_least_1 parameter_error ();
    end
    if (INDEX_DEPTH_1 < 1) begin : g_index_depth_1_must_be_at_least_1
      INDEX_DEPTH_1_must_be_at_least_1 parameter_error ();
    end
    if (STREAMS < 1) begin : g_streams_must_be_at_least_1
      STREAMS_must_be_at_least_1 parameter_error ();
    end
    if (X_BUFFER_WORDS < 1) begin : g_x_buffer_words_must_be_at_least_1
      X_BUFFER_WORDS_must_be_at_least_1 parameter_error ();
    end
    if (H_BUFFER_WORDS < 1) begin : g_h_buffer_words_must_be_at_least_1
      H_BUFFER_WORDS_must_be_at_least_1 parameter_error ();
    end
    if (INDEX_BITS_0 < 1) begin : g_index_bits_0_must_be_at_least_1
      INDEX_BITS_0_must_be_at_least_1 parameter_error ();
    end
    if (INDEX_COPIES_0 < 1) begin : g_index_copies_0_must_be_at_least_1
      INDEX_COPIES_0_must_be_at_least_1 parameter_error ();
    end
    if (INDEX_BITS_1 < 1) begin : g_index_bits_1_must_be_at_least_1
      INDEX_BITS_1_must_be_at_least_1 parameter_error ();
    end
    if (INDEX_COPIES_1 < 1) begin : g_index_copies_1_must_be_at_least_1
      INDEX_COPIES_1_must_be_at_least_1 parameter_error ();
    end
    if (
        LAYER_BITS !=
        (4 * ADDRESS_BITS +
            GROUP_BITS +
            2 * INNER_BITS +
            2 * KEEP_BITS_0 +
            2 * KEEP_BITS_1 +
            2 * REPEAT_BITS_0 +
            2 * REPEAT_BITS_1 +
            2 * STRIDE_BITS_0 +
            2 * STRIDE_BITS_1 +
            2 * TILE_COLS +
            WEIGHT_ADDRESS_BITS +
            2 * (INDEX_DEPTH_0 > 1 ? $clog2(INDEX_DEPTH_0) : 1) +
            2 * (INDEX_DEPTH_1 > 1 ? $clog2(INDEX_DEPTH_1) : 1) +
            (SUM_SLOTS > 1 ? $clog2(SUM_SLOTS) : 1) +
            5)
    ) begin : g_layer_bits_must_be_the_sum_of_the_fields
      LAYER_BITS_must_be_the_sum_of_the_fields parameter_error ();
    end
    if (ADDRESS_BITS < INNER_BITS) begin : g_address_bits_must_be_at_least_inner_bits
      ADDRESS_BITS_must_be_at_least_INNER_BITS parameter_error ();
    end
    if (ADDRESS_BITS < $clog2(2 * X_BUFFER_WORDS)) begin : g_address_bits_must_reach_both_x_buffers
      ADDRESS_BITS_must_reach_both_x_buffers parameter_error ();
    end
    if (ADDRESS_BITS < $clog2(2 * H_BUFFER_WORDS)) begin : g_address_bits_must_reach_both_h_buffers
      ADDRESS_BITS_must_reach_both_h_buffers parameter_error ();
    end
    if (
        ADDRESS_BITS < (INDEX_BITS_0 + STRIDE_BITS_0)
    ) begin : g_address_bits_must_hold_a_block_number_x_stride_of_level_0
      ADDRESS_BITS_must_hold_a_block_number_x_stride_of_level_0 parameter_error ();
    end
    if (
        (INDEX_COPIES_0 * (STREAMS / INDEX_COPIES_0)) != STREAMS
    ) begin : g_streams_must_be_a_multiple_of_index_copies_0
      STREAMS_must_be_a_multiple_of_INDEX_COPIES_0 parameter_error ();
    end
    if (
        ADDRESS_BITS < (INDEX_BITS_1 + STRIDE_BITS_1)
    ) begin : g_address_bits_must_hold_a_block_number_x_stride_of_level_1
      ADDRESS_BITS_must_hold_a_block_number_x_stride_of_level_1 parameter_error ();
    end
    if (
        (INDEX_COPIES_1 * (STREAMS / INDEX_COPIES_1)) != STREAMS
    ) begin : g_streams_must_be_a_multiple_of_index_copies_1
      STREAMS_must_be_a_multiple_of_INDEX_COPIES_1 parameter_error ();
    end
  endgenerate

  // Places of the fields in a layer table word.

  localparam FIELD_AHEAD_LSB = GROUP_BITS + 5;
  localparam FIELD_WEIGHT_BASE_LSB = FIELD_AHEAD_LSB + (SUM_SLOTS > 1 ? $clog2(SUM_SLOTS) : 1);
  localparam FIELD_X_SOURCE_LSB = FIELD_WEIGHT_BASE_LSB + WEIGHT_ADDRESS_BITS;
  localparam FIELD_X_LAST_LSB = ADDRESS_BITS + FIELD_X_SOURCE_LSB;
  localparam FIELD_X_TAIL_LSB = ADDRESS_BITS + FIELD_X_LAST_LSB;
  localparam FIELD_X_INNER_LSB = FIELD_X_TAIL_LSB + TILE_COLS;
  localparam FIELD_X_KEEP_0_LSB = FIELD_X_INNER_LSB + INNER_BITS;
  localparam FIELD_X_STRIDE_0_LSB = FIELD_X_KEEP_0_LSB + KEEP_BITS_0;
  localparam FIELD_X_REPEAT_0_LSB = FIELD_X_STRIDE_0_LSB + STRIDE_BITS_0;
  localparam FIELD_X_INDEX_0_LSB = FIELD_X_REPEAT_0_LSB + REPEAT_BITS_0;
  localparam FIELD_X_KEEP_1_LSB =
      FIELD_X_INDEX_0_LSB + (INDEX_DEPTH_0 > 1 ? $clog2(INDEX_DEPTH_0) : 1);
  localparam FIELD_X_STRIDE_1_LSB = FIELD_X_KEEP_1_LSB + KEEP_BITS_1;
  localparam FIELD_X_REPEAT_1_LSB = FIELD_X_STRIDE_1_LSB + STRIDE_BITS_1;
  localparam FIELD_X_INDEX_1_LSB = FIELD_X_REPEAT_1_LSB + REPEAT_BITS_1;
  localparam FIELD_H_SOURCE_LSB =
      FIELD_X_INDEX_1_LSB + (INDEX_DEPTH_1 > 1 ? $clog2(INDEX_DEPTH_1) : 1);
  localparam FIELD_H_LAST_LSB = ADDRESS_BITS + FIELD_H_SOURCE_LSB;
  localparam FIELD_H_TAIL_LSB = ADDRESS_BITS + FIELD_H_LAST_LSB;
  localparam FIELD_H_INNER_LSB = FIELD_H_TAIL_LSB + TILE_COLS;
  localparam FIELD_H_KEEP_0_LSB = FIELD_H_INNER_LSB + INNER_BITS;
  localparam FIELD_H_STRIDE_0_LSB = FIELD_H_KEEP_0_LSB + KEEP_BITS_0;
  localparam FIELD_H_REPEAT_0_LSB = FIELD_H_STRIDE_0_LSB + STRIDE_BITS_0;
  localparam FIELD_H_INDEX_0_LSB = FIELD_H_REPEAT_0_LSB + REPEAT_BITS_0;
  localparam FIELD_H_KEEP_1_LSB =
      FIELD_H_INDEX_0_LSB + (INDEX_DEPTH_0 > 1 ? $clog2(INDEX_DEPTH_0) : 1);
  localparam FIELD_H_STRIDE_1_LSB = FIELD_H_KEEP_1_LSB + KEEP_BITS_1;
  localparam FIELD_H_REPEAT_1_LSB = FIELD_H_STRIDE_1_LSB + STRIDE_BITS_1;
  localparam FIELD_H_INDEX_1_LSB = FIELD_H_REPEAT_1_LSB + REPEAT_BITS_1;

  wire unused_fields = &{1'b0, load, layer, next_layer, 1'b0};

  // Counters: the tile in the innermost block, and on each level which of the kept blocks.

  // tile in the innermost block
  reg [INNER_BITS - 1:0] inner;
  wire inner_last =
      inner ==
      (x_side ? layer[FIELD_X_INNER_LSB +: INNER_BITS] : layer[FIELD_H_INNER_LSB +: INNER_BITS]);
  // ordinal of the block of level 0 among those kept
  reg [KEEP_BITS_0 - 1:0] kept_0;
  wire kept_last_0 =
      kept_0 ==
      (x_side ?
          layer[FIELD_X_KEEP_0_LSB +: KEEP_BITS_0] :
          layer[FIELD_H_KEEP_0_LSB +: KEEP_BITS_0]);
  // ordinal of the block of level 1 among those kept
  reg [KEEP_BITS_1 - 1:0] kept_1;
  wire kept_last_1 =
      kept_1 ==
      (x_side ?
          layer[FIELD_X_KEEP_1_LSB +: KEEP_BITS_1] :
          layer[FIELD_H_KEEP_1_LSB +: KEEP_BITS_1]);
  wire step_1 = inner_last;
  wire step_0 = step_1 && kept_last_1;
  assign tile_last = step_0 && kept_last_0;
  assign tile_first =
      (inner == {INNER_BITS{1'b0}}) &&
      (kept_0 == {KEEP_BITS_0{1'b0}}) &&
      (kept_1 == {KEEP_BITS_1{1'b0}});

  always @(posedge clk) begin
    if (rst) begin
      inner <= {INNER_BITS{1'b0}};
      kept_0 <= {KEEP_BITS_0{1'b0}};
      kept_1 <= {KEEP_BITS_1{1'b0}};
    end else if (advance) begin
      inner <= inner_last ? {INNER_BITS{1'b0}} : inner + 1'b1;
      if (step_0) begin
        kept_0 <= kept_last_0 ? {KEEP_BITS_0{1'b0}} : kept_0 + 1'b1;
      end
      if (step_1) begin
        kept_1 <= kept_last_1 ? {KEEP_BITS_1{1'b0}} : kept_1 + 1'b1;
      end
    end
  end

  // Pointers into the index ROMs; a block row is walked again by every row group set in it.

  localparam POINTER_BITS_0 = INDEX_DEPTH_0 > 1 ? $clog2(INDEX_DEPTH_0) : 1;

  reg [POINTER_BITS_0 - 1:0] x_pointer_0;
  // start of the block row, level 0
  reg [POINTER_BITS_0 - 1:0] x_row_0;
  // row group sets walked in it
  reg [REPEAT_BITS_0 - 1:0] x_repeat_0;
  wire x_step_0 = advance && step_0 && x_side;
  wire [POINTER_BITS_0 - 1:0] x_pointer_next_0 = x_pointer_0 + 1'b1;

  always @(posedge clk) begin
    if (load) begin
      x_pointer_0 <= next_layer[FIELD_X_INDEX_0_LSB +: POINTER_BITS_0];
      x_row_0 <= next_layer[FIELD_X_INDEX_0_LSB +: POINTER_BITS_0];
      x_repeat_0 <= {REPEAT_BITS_0{1'b0}};
    end else if (x_step_0) begin
      if (tile_last) begin
        if (x_repeat_0 == layer[FIELD_X_REPEAT_0_LSB +: REPEAT_BITS_0]) begin
          x_pointer_0 <= x_pointer_next_0;
          x_row_0 <= x_pointer_next_0;
          x_repeat_0 <= {REPEAT_BITS_0{1'b0}};
        end else begin
          x_pointer_0 <= x_row_0;
          x_repeat_0 <= x_repeat_0 + 1'b1;
        end
      end else begin
        x_pointer_0 <= x_pointer_next_0;
      end
    end
  end

  reg [POINTER_BITS_0 - 1:0] h_pointer_0;
  // start of the block row, level 0
  reg [POINTER_BITS_0 - 1:0] h_row_0;
  // row group sets walked in it
  reg [REPEAT_BITS_0 - 1:0] h_repeat_0;
  wire h_step_0 = advance && step_0 && !x_side;
  wire [POINTER_BITS_0 - 1:0] h_pointer_next_0 = h_pointer_0 + 1'b1;

  always @(posedge clk) begin
    if (load) begin
      h_pointer_0 <= next_layer[FIELD_H_INDEX_0_LSB +: POINTER_BITS_0];
      h_row_0 <= next_layer[FIELD_H_INDEX_0_LSB +: POINTER_BITS_0];
      h_repeat_0 <= {REPEAT_BITS_0{1'b0}};
    end else if (h_step_0) begin
      if (tile_last) begin
        if (h_repeat_0 == layer[FIELD_H_REPEAT_0_LSB +: REPEAT_BITS_0]) begin
          h_pointer_0 <= h_pointer_next_0;
          h_row_0 <= h_pointer_next_0;
          h_repeat_0 <= {REPEAT_BITS_0{1'b0}};
        end else begin
          h_pointer_0 <= h_row_0;
          h_repeat_0 <= h_repeat_0 + 1'b1;
        end
      end else begin
        h_pointer_0 <= h_pointer_next_0;
      end
    end
  end

  wire [POINTER_BITS_0 - 1:0] pointer_0 = x_side ? x_pointer_0 : h_pointer_0;

  localparam POINTER_BITS_1 = INDEX_DEPTH_1 > 1 ? $clog2(INDEX_DEPTH_1) : 1;

  reg [POINTER_BITS_1 - 1:0] x_pointer_1;
  // start of the block row, level 1
  reg [POINTER_BITS_1 - 1:0] x_row_1;
  // row group sets walked in it
  reg [REPEAT_BITS_1 - 1:0] x_repeat_1;
  wire x_step_1 = advance && step_1 && x_side;
  wire [POINTER_BITS_1 - 1:0] x_pointer_next_1 = x_pointer_1 + 1'b1;

  always @(posedge clk) begin
    if (load) begin
      x_pointer_1 <= next_layer[FIELD_X_INDEX_1_LSB +: POINTER_BITS_1];
      x_row_1 <= next_layer[FIELD_X_INDEX_1_LSB +: POINTER_BITS_1];
      x_repeat_1 <= {REPEAT_BITS_1{1'b0}};
    end else if (x_step_1) begin
      if (tile_last) begin
        if (x_repeat_1 == layer[FIELD_X_REPEAT_1_LSB +: REPEAT_BITS_1]) begin
          x_pointer_1 <= x_pointer_next_1;
          x_row_1 <= x_pointer_next_1;
          x_repeat_1 <= {REPEAT_BITS_1{1'b0}};
        end else begin
          x_pointer_1 <= x_row_1;
          x_repeat_1 <= x_repeat_1 + 1'b1;
        end
      end else begin
        x_pointer_1 <= x_pointer_next_1;
      end
    end
  end

  reg [POINTER_BITS_1 - 1:0] h_pointer_1;
  // start of the block row, level 1
  reg [POINTER_BITS_1 - 1:0] h_row_1;
  // row group sets walked in it
  reg [REPEAT_BITS_1 - 1:0] h_repeat_1;
  wire h_step_1 = advance && step_1 && !x_side;
  wire [POINTER_BITS_1 - 1:0] h_pointer_next_1 = h_pointer_1 + 1'b1;

  always @(posedge clk) begin
    if (load) begin
      h_pointer_1 <= next_layer[FIELD_H_INDEX_1_LSB +: POINTER_BITS_1];
      h_row_1 <= next_layer[FIELD_H_INDEX_1_LSB +: POINTER_BITS_1];
      h_repeat_1 <= {REPEAT_BITS_1{1'b0}};
    end else if (h_step_1) begin
      if (tile_last) begin
        if (h_repeat_1 == layer[FIELD_H_REPEAT_1_LSB +: REPEAT_BITS_1]) begin
          h_pointer_1 <= h_pointer_next_1;
          h_row_1 <= h_pointer_next_1;
          h_repeat_1 <= {REPEAT_BITS_1{1'b0}};
        end else begin
          h_pointer_1 <= h_row_1;
          h_repeat_1 <= h_repeat_1 + 1'b1;
        end
      end else begin
        h_pointer_1 <= h_pointer_next_1;
      end
    end
  end

  wire [POINTER_BITS_1 - 1:0] pointer_1 = x_side ? x_pointer_1 : h_pointer_1;

  // Cycles 1 to 3 after the tile: block numbers from the ROMs, and what belongs to the same tile.

  // cycle 1: first word of the source, with its buffer
  reg [ADDRESS_BITS - 1:0] base;
  // cycle 2: word of the tile if all block numbers were 0
  reg [ADDRESS_BITS - 1:0] start;
  // cycle 3
  reg [ADDRESS_BITS - 1:0] start_late;
  // cycle 1
  reg [INNER_BITS - 1:0] inner_late;
  wire [ADDRESS_BITS - 1:0] source =
      x_side ?
      layer[FIELD_X_SOURCE_LSB +: ADDRESS_BITS] :
      layer[FIELD_H_SOURCE_LSB +: ADDRESS_BITS];
  wire [ADDRESS_BITS - 1:0] buffer_words =
      from_input ? X_BUFFER_WORDS[ADDRESS_BITS - 1:0] : H_BUFFER_WORDS[ADDRESS_BITS - 1:0];
  // cycle 2
  reg [INNER_BITS - 1:0] inner_at_2;
  // cycle 3
  reg [INNER_BITS - 1:0] inner_at_3;
  // last word of the matrix, from its first one
  wire [ADDRESS_BITS - 1:0] last_word =
      x_side ? layer[FIELD_X_LAST_LSB +: ADDRESS_BITS] : layer[FIELD_H_LAST_LSB +: ADDRESS_BITS];
  // columns of that word which the matrix has
  wire [TILE_COLS - 1:0] tail =
      x_side ? layer[FIELD_X_TAIL_LSB +: TILE_COLS] : layer[FIELD_H_TAIL_LSB +: TILE_COLS];

  // cycles from `advance` to `address`
  localparam ADDRESS_STAGE = 4;

  reg [ADDRESS_BITS * ADDRESS_STAGE - 1:0] last_word_line;

  always @(posedge clk) begin
    last_word_line <=
        {last_word_line[ADDRESS_BITS * ADDRESS_STAGE - ADDRESS_BITS - 1:0], last_word};
  end

  reg [ADDRESS_STAGE * TILE_COLS - 1:0] tail_line;

  always @(posedge clk) begin
    tail_line <= {tail_line[ADDRESS_STAGE * TILE_COLS - TILE_COLS - 1:0], tail};
  end

  // cycle 1: words between blocks of level 0
  reg [STRIDE_BITS_0 - 1:0] stride_0;
  // cycle 2
  reg [STRIDE_BITS_0 - 1:0] stride_late_0;
  // cycle 1
  wire [INDEX_BITS_0 * INDEX_COPIES_0 - 1:0] index_0;
  // cycle 2: block numbers of level 0
  reg [INDEX_BITS_0 * INDEX_COPIES_0 - 1:0] numbers_0;

  always @(posedge clk) begin
    stride_late_0 <= stride_0;
    numbers_0 <= index_0;
  end

  mini_rom #(
    .WIDTH     (INDEX_BITS_0 * INDEX_COPIES_0),
    .DEPTH     (INDEX_DEPTH_0),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (INDEX_FILE_0)
  ) u_index_0 (
    .clk     (clk),
    .enable  (advance),
    .address (pointer_0),
    .data    (index_0)
  );

  // cycle 1: words between blocks of level 1
  reg [STRIDE_BITS_1 - 1:0] stride_1;
  // cycle 2
  reg [STRIDE_BITS_1 - 1:0] stride_late_1;
  // cycle 1
  wire [INDEX_BITS_1 * INDEX_COPIES_1 - 1:0] index_1;
  // cycle 2: block numbers of level 1
  reg [INDEX_BITS_1 * INDEX_COPIES_1 - 1:0] numbers_1;

  always @(posedge clk) begin
    stride_late_1 <= stride_1;
    numbers_1 <= index_1;
  end

  mini_rom #(
    .WIDTH     (INDEX_BITS_1 * INDEX_COPIES_1),
    .DEPTH     (INDEX_DEPTH_1),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (INDEX_FILE_1)
  ) u_index_1 (
    .clk     (clk),
    .enable  (advance),
    .address (pointer_1),
    .data    (index_1)
  );

  always @(posedge clk) begin
    base <= source + (upper_buffer ? buffer_words : {ADDRESS_BITS{1'b0}});
    inner_late <= inner;
    start <= base + {{(ADDRESS_BITS - INNER_BITS){1'b0}}, inner_late};
    start_late <= start;
    inner_at_2 <= inner_late;
    inner_at_3 <= inner_at_2;
    stride_0 <=
        x_side ?
        layer[FIELD_X_STRIDE_0_LSB +: STRIDE_BITS_0] :
        layer[FIELD_H_STRIDE_0_LSB +: STRIDE_BITS_0];
    stride_1 <=
        x_side ?
        layer[FIELD_X_STRIDE_1_LSB +: STRIDE_BITS_1] :
        layer[FIELD_H_STRIDE_1_LSB +: STRIDE_BITS_1];
  end

  // Cycle 3: block number x stride. Cycle 4: the sum over the levels. Cycle 5: whether the columns
  // of the tile are in the matrix. Blocks and tiles may reach beyond it, to words that nothing has
  // written.

  genvar stream;
  generate
    for (stream = 0; stream < STREAMS; stream = stream + 1) begin : g_stream
      wire [INDEX_BITS_0 - 1:0] number_0 =
          numbers_0[INDEX_BITS_0 * (stream / (STREAMS / INDEX_COPIES_0)) +: INDEX_BITS_0];
      // a product as a sum of shifted words: the factors are too narrow to spend a multiplier on
      wire [ADDRESS_BITS - 1:0] product_0_factor =
          {{(ADDRESS_BITS - STRIDE_BITS_0){1'b0}}, stride_late_0};

      genvar product_0_bit;
      for (
          product_0_bit = 0;
          product_0_bit < INDEX_BITS_0;
          product_0_bit = product_0_bit + 1
      ) begin : g_product_0_bit
        // sum of the terms up to this one
        wire [ADDRESS_BITS - 1:0] partial;

        if (product_0_bit == 0) begin : g_first
          assign partial =
              {ADDRESS_BITS{number_0[product_0_bit]}} & (product_0_factor << product_0_bit);
        end else begin : g_next
          assign partial =
              g_product_0_bit[product_0_bit - 1].partial +
              ({ADDRESS_BITS{number_0[product_0_bit]}} & (product_0_factor << product_0_bit));
        end
      end

      wire [ADDRESS_BITS - 1:0] product_0 = g_product_0_bit[INDEX_BITS_0 - 1].partial;
      reg [ADDRESS_BITS - 1:0] offset_0;

      always @(posedge clk) begin
        offset_0 <= product_0;
      end

      wire [INDEX_BITS_1 - 1:0] number_1 =
          numbers_1[INDEX_BITS_1 * (stream / (STREAMS / INDEX_COPIES_1)) +: INDEX_BITS_1];
      // a product as a sum of shifted words: the factors are too narrow to spend a multiplier on
      wire [ADDRESS_BITS - 1:0] product_1_factor =
          {{(ADDRESS_BITS - STRIDE_BITS_1){1'b0}}, stride_late_1};

      genvar product_1_bit;
      for (
          product_1_bit = 0;
          product_1_bit < INDEX_BITS_1;
          product_1_bit = product_1_bit + 1
      ) begin : g_product_1_bit
        // sum of the terms up to this one
        wire [ADDRESS_BITS - 1:0] partial;

        if (product_1_bit == 0) begin : g_first
          assign partial =
              {ADDRESS_BITS{number_1[product_1_bit]}} & (product_1_factor << product_1_bit);
        end else begin : g_next
          assign partial =
              g_product_1_bit[product_1_bit - 1].partial +
              ({ADDRESS_BITS{number_1[product_1_bit]}} & (product_1_factor << product_1_bit));
        end
      end

      wire [ADDRESS_BITS - 1:0] product_1 = g_product_1_bit[INDEX_BITS_1 - 1].partial;
      reg [ADDRESS_BITS - 1:0] offset_1;

      always @(posedge clk) begin
        offset_1 <= product_1;
      end

      reg [ADDRESS_BITS - 1:0] word;

      always @(posedge clk) begin
        word <= start_late + offset_0 + offset_1;
      end

      assign address[ADDRESS_BITS * stream +: ADDRESS_BITS] = word;
      // word of the matrix, from its first one
      reg [ADDRESS_BITS - 1:0] place;

      always @(posedge clk) begin
        place <= {{(ADDRESS_BITS - INNER_BITS){1'b0}}, inner_at_3} + offset_0 + offset_1;
      end

      wire before_last =
          place < last_word_line[ADDRESS_BITS * ADDRESS_STAGE - ADDRESS_BITS +: ADDRESS_BITS];
      wire at_last =
          place == last_word_line[ADDRESS_BITS * ADDRESS_STAGE - ADDRESS_BITS +: ADDRESS_BITS];

      always @(posedge clk) begin
        present[TILE_COLS * stream +: TILE_COLS] <=
            {TILE_COLS{before_last}} |
            ({TILE_COLS{at_last}} & tail_line[ADDRESS_STAGE * TILE_COLS - TILE_COLS +: TILE_COLS]);
      end
    end
  endgenerate

endmodule

`default_nettype wire
