// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Runs the layer table: one tile per cycle. A row group set has a ready half (stored in a sum
// slot) and a completing half. It waits (a) before the first completing half of a layer whose
// `waits` is set until all row group sets under way have retired: h of the layer below can be read
// then, (b) before the last tile of a completing half until the cell lanes can take it, (c) before
// a completing half of the last layer until an output buffer is free, (d) before the last tile of
// a layer until the next word of the layer table is there, (e) for a frame.
`default_nettype none

module mini_sequencer #(
  // Words of the layer table
  parameter LAYERS = 3,
  // Bits of a layer table word: the sum of its fields
  parameter LAYER_BITS = 77,
  // Bits of the count of row group sets
  parameter GROUP_BITS = 2,
  // Row group sets whose ready half can wait
  parameter SUM_SLOTS = 1,
  // Bits of the address of a weight word
  parameter WEIGHT_ADDRESS_BITS = 5,
  // Cycles behind the end of a completing half in which the next one cannot end, for the lanes are
  // busy with its steps
  parameter LANE_GAP = 1,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Image of the layer table
  parameter LAYER_FILE = "mini_layers.mem"
) (
  input wire                                                  clk,
  input wire                                                  rst,
  // a whole frame waits
  input wire                                                  frame_ready,
  // it starts an utterance
  input wire                                                  frame_restart,
  // it is taken
  output wire                                                 frame_start,
  // the running frame reads its x no more after this tile
  output wire                                                 x_release,
  // a row group set retires: its h is written when a tile issued after this reads it
  input wire                                                  retire,
  // an output frame has left
  input wire                                                  output_taken,
  // decoder: last tile of a half
  input wire                                                  tile_last,
  // the next layer starts
  output wire                                                 load,
  output wire [LAYER_BITS - 1:0]                              next_layer,
  output reg  [LAYER_BITS - 1:0]                              layer,
  output wire                                                 x_side,
  output wire                                                 from_input,
  // it reads the upper buffer
  output wire                                                 upper_buffer,
  // a tile is issued
  output wire                                                 issue,
  // it ends a ready half
  output wire                                                 store,
  // it ends a completing half
  output wire                                                 complete,
  // its activations read as zero: first frame of an utterance
  output wire                                                 zero,
  // sum slot of its half
  output wire [(SUM_SLOTS > 1 ? $clog2(SUM_SLOTS) : 1) - 1:0] slot,
  // word of its weights
  output reg  [WEIGHT_ADDRESS_BITS - 1:0]                     weight_address,
  // it is the last of the frame
  output wire                                                 frame_end,
  output reg  [(LAYERS > 1 ? $clog2(LAYERS) : 1) - 1:0]       layer_number,
  // c reads as zero
  output reg                                                  restart,
  // h buffer that this frame writes
  output reg                                                  parity,
  // it completes the last row group set of the layer
  output wire                                                 group_last
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if (LAYERS < 1) begin : g_layers_must_be_at_least_1
      LAYERS_must_be_at_least_1 parameter_error ();
    end
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
    if (LANE_GAP < 0) begin : g_lane_gap_must_be_at_least_0
      LANE_GAP_must_be_at_least_0 parameter_error ();
    end
    if (
        LAYER_BITS <
        (GROUP_BITS + WEIGHT_ADDRESS_BITS + (SUM_SLOTS > 1 ? $clog2(SUM_SLOTS) : 1) + 5)
    ) begin : g_layer_bits_must_hold_the_fields_read_here
      LAYER_BITS_must_hold_the_fields_read_here parameter_error ();
    end
  endgenerate

  localparam LAYER_NUMBER_BITS = LAYERS > 1 ? $clog2(LAYERS) : 1;
  localparam SLOT_BITS = SUM_SLOTS > 1 ? $clog2(SUM_SLOTS) : 1;
  localparam GAP_BITS = (LANE_GAP + 1) > 1 ? $clog2(LANE_GAP + 1) : 1;
  localparam LAST_SLOT = SUM_SLOTS - 1;

  reg running;
  // x buffer of the running frame
  reg x_buffer;
  // the half in hand is the completing one
  reg completing;
  // row group set of the next ready half
  reg [GROUP_BITS - 1:0] ready_group;
  // all ready halves of the layer are done
  reg ready_done;
  // row group set of the next completing half
  reg [GROUP_BITS - 1:0] complete_group;
  // ready halves stored and not yet used, less one
  reg [SLOT_BITS - 1:0] lead;
  // at least one ready half is stored
  reg stored;
  reg [SLOT_BITS - 1:0] ready_slot;
  reg [SLOT_BITS - 1:0] complete_slot;
  // the layer has nothing to wait for any more
  reg satisfied;
  // row group sets issued and not yet retired
  reg [5:0] in_flight;
  // cycles until the cell lanes are free
  reg [GAP_BITS - 1:0] gap;
  // output frames claimed and not yet sent
  reg [1:0] outputs_waiting;

  // Layer table: the next word is fetched while a layer runs.

  // layer that next_layer shows
  reg [LAYER_NUMBER_BITS - 1:0] fetch;
  // next_layer is valid
  reg fetched;

  mini_rom #(
    .WIDTH     (LAYER_BITS),
    .DEPTH     (LAYERS),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (LAYER_FILE)
  ) u_layers (
    .clk     (clk),
    .enable  (!fetched),
    .address (fetch),
    .data    (next_layer)
  );

  // Fields of the layer table word.

  wire last_layer = layer[0];
  // the first completing half waits until all sets have retired
  wire waits = layer[1];
  // there is no ready half: the layer has one operand
  wire single = layer[2];
  // the ready half is the input side
  wire x_first = layer[3];
  // the input side reads the x memory
  wire first_layer = layer[4];
  // row group sets of the layer, less one
  wire [GROUP_BITS - 1:0] last_of_layer = layer[GROUP_BITS + 4:5];

  localparam FIELD_AHEAD_LSB = GROUP_BITS + 5;

  // ready halves done ahead, less one
  wire [SLOT_BITS - 1:0] ahead = layer[FIELD_AHEAD_LSB +: SLOT_BITS];
  wire next_last = next_layer[0];
  wire next_single = next_layer[2];

  localparam NEXT_AHEAD_LSB = GROUP_BITS + 5;
  localparam NEXT_WEIGHT_BASE_LSB = NEXT_AHEAD_LSB + SLOT_BITS;

  // word of its first tile
  wire [WEIGHT_ADDRESS_BITS - 1:0] next_weights =
      next_layer[NEXT_WEIGHT_BASE_LSB +: WEIGHT_ADDRESS_BITS];

  // Where the tile stands.

  wire half_end = running && tile_last;
  wire ready_last = ready_group == last_of_layer;
  assign group_last = complete_group == last_of_layer;
  wire layer_end = half_end && completing && group_last;

  // Reasons to wait.

  wire layer_wait = completing && waits && !satisfied && (in_flight != 6'd0);
  wire lane_wait = completing && tile_last && (gap != {GAP_BITS{1'b0}});
  wire output_wait = completing && last_layer && (outputs_waiting == 2'd2);
  wire fetch_wait = layer_end && !fetched;
  wire hold = layer_wait || lane_wait || output_wait || fetch_wait;
  assign issue = running && !hold;
  wire ended = issue && tile_last;
  assign store = ended && !completing;
  assign complete = ended && completing;
  wire layer_done = issue && layer_end;
  assign frame_end = layer_done && last_layer;
  assign frame_start = frame_ready && fetched && (frame_end || !running);
  assign load = frame_start || (layer_done && !last_layer);

  // What the tile means to the stages behind.

  assign x_side = single || (completing ^ x_first);
  assign from_input = first_layer && x_side;
  assign upper_buffer = from_input ? x_buffer : parity ^ !x_side;
  assign zero = restart && !x_side;
  assign slot = completing ? complete_slot : ready_slot;
  wire input_end = completing ? group_last : ready_last;
  assign x_release = ended && from_input && input_end;
  wire lead_full = (stored ? lead + 1'b1 : {SLOT_BITS{1'b0}}) == ahead;

  // Frames and layers.
  always @(posedge clk) begin
    if (rst) begin
      running <= 1'b0;
      fetch <= {LAYER_NUMBER_BITS{1'b0}};
      fetched <= 1'b0;
    end else begin
      fetched <= !load;
      if (load) begin
        fetch <= next_last ? {LAYER_NUMBER_BITS{1'b0}} : fetch + 1'b1;
      end
      if (frame_start) begin
        running <= 1'b1;
      end else if (frame_end) begin
        running <= 1'b0;
      end
    end
    if (load) begin
      layer <= next_layer;
      layer_number <= fetch;
    end
    if (load) begin
      weight_address <= next_weights;
    end else if (issue) begin
      weight_address <= weight_address + 1'b1;
    end
  end

  // Buffers flip with each frame.
  always @(posedge clk) begin
    if (rst) begin
      x_buffer <= 1'b1;
      parity <= 1'b0;
      restart <= 1'b0;
    end else if (frame_start) begin
      x_buffer <= !x_buffer;
      parity <= !parity;
      restart <= frame_restart;
    end
  end

  // Order of the halves within a layer.
  always @(posedge clk) begin
    if (load) begin
      completing <= next_single;
      ready_group <= {GROUP_BITS{1'b0}};
      ready_done <= 1'b0;
      complete_group <= {GROUP_BITS{1'b0}};
      lead <= {SLOT_BITS{1'b0}};
      stored <= 1'b0;
      ready_slot <= {SLOT_BITS{1'b0}};
      complete_slot <= {SLOT_BITS{1'b0}};
      satisfied <= 1'b0;
    end else begin
      if (store) begin
        completing <= lead_full || ready_last;
        ready_group <= ready_group + 1'b1;
        ready_done <= ready_last;
        stored <= 1'b1;
        if (stored) begin
          lead <= lead + 1'b1;
        end
        ready_slot <=
            ready_slot == LAST_SLOT[SLOT_BITS - 1:0] ? {SLOT_BITS{1'b0}} : ready_slot + 1'b1;
      end else if (complete) begin
        completing <= single || ready_done;
        complete_group <= complete_group + 1'b1;
        stored <= lead != {SLOT_BITS{1'b0}};
        if (lead != {SLOT_BITS{1'b0}}) begin
          lead <= lead - 1'b1;
        end
        complete_slot <=
            complete_slot == LAST_SLOT[SLOT_BITS - 1:0] ? {SLOT_BITS{1'b0}} : complete_slot + 1'b1;
      end
      if (issue && completing) begin
        satisfied <= 1'b1;
      end
    end
  end

  // What is under way.
  always @(posedge clk) begin
    if (rst) begin
      in_flight <= 6'd0;
      gap <= {GAP_BITS{1'b0}};
      outputs_waiting <= 2'd0;
    end else begin
      if (complete && !retire) begin
        in_flight <= in_flight + 6'd1;
      end else if (retire && !complete) begin
        in_flight <= in_flight - 6'd1;
      end
      if (complete) begin
        gap <= LANE_GAP[GAP_BITS - 1:0];
      end else if (gap != {GAP_BITS{1'b0}}) begin
        gap <= gap - 1'b1;
      end
      if (frame_end && !output_taken) begin
        outputs_waiting <= outputs_waiting + 2'd1;
      end else if (output_taken && !frame_end) begin
        outputs_waiting <= outputs_waiting - 2'd1;
      end
    end
  end

endmodule

`default_nettype wire
