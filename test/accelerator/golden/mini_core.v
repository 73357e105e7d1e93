// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Sparse recurrent accelerator, with a trace port for co-simulation. Frames come in on s_axis, one
// output frame leaves on m_axis for each of them.
`default_nettype none

module mini_core #(
  // 1: the trace ports show sums, c and h, for co-simulation; 0: they are zero, without a register
  parameter TRACE = 1,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Image of the frame lengths
  parameter SHAPE_FILE = "mini_shape.mem"
) (
  input wire          clk,
  input wire          rst,              // synchronous, active high
  input wire  [15:0]  s_axis_tdata,     // values, lane 0 low
  input wire          s_axis_tvalid,
  output wire         s_axis_tready,
  input wire          s_axis_tlast,     // last beat of a frame
  input wire          s_axis_tuser,     // first beat of an utterance
  output wire [31:0]  m_axis_tdata,     // values, lane 0 low
  output wire         m_axis_tvalid,
  input wire          m_axis_tready,
  output wire         m_axis_tlast,     // last beat of a frame
  output wire         busy,             // from the first beat in to the last beat out
  output wire [31:0]  cycles,           // busy cycles since reset
  output wire         error,            // a frame of the wrong length came; sticky
  output wire [15:0]  error_count,      // how many
  output wire         trace_sum_valid,  // aligned gate sums of the rows at the cell lanes
  output wire [1:0]   trace_sum_layer,
  output wire [4:0]   trace_sum_row,    // row of lane 0
  output wire [199:0] trace_sum_data,   // [lane][channel]
  output wire         trace_cell_valid, // c and h of the rows at the cell lanes
  output wire [1:0]   trace_cell_layer,
  output wire [4:0]   trace_cell_row,   // row of lane 0
  output wire [31:0]  trace_cell_c,     // [lane]
  output wire [25:0]  trace_cell_h      // [lane]
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((TRACE < 0) || (TRACE > 1)) begin : g_trace_must_be_0_to_1
      TRACE_must_be_0_to_1 parameter_error ();
    end
  endgenerate

  // frame lengths of the model
  wire [7:0] shape;

  mini_rom #(
    .WIDTH     (8),
    .DEPTH     (1),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (SHAPE_FILE)
  ) u_shape (
    .clk     (clk),
    .enable  (1'b1),
    .address (1'b0),
    .data    (shape)
  );

  // Stages, in cycles after the issue of a tile.

  // its addresses are at the activation memories
  localparam READ_STAGE = 4;
  // its operands are at the array
  localparam OPERAND_STAGE = 7;
  // its sums are finished
  localparam SUM_STAGE = 11;
  // both halves are side by side
  localparam PAIR_STAGE = 12;

  // Input stream and x memory.

  wire x_write;
  wire [4:0] x_write_address;
  wire [12:0] x_write_data;
  wire frame_ready;
  wire frame_restart;
  wire frame_start;
  wire x_release;
  wire committed;
  wire receiving;
  reg [READ_STAGE - 1:0] x_release_line;

  always @(posedge clk) begin
    if (rst) begin
      x_release_line <= {READ_STAGE{1'b0}};
    end else begin
      x_release_line <= {x_release_line[READ_STAGE - 2:0], x_release};
    end
  end

  wire [3:0] input_last = shape[3:0];

  mini_frame_input u_input (
    .clk           (clk),
    .rst           (rst),
    .last_beat     (input_last),
    .s_axis_tdata  (s_axis_tdata),
    .s_axis_tvalid (s_axis_tvalid),
    .s_axis_tready (s_axis_tready),
    .s_axis_tlast  (s_axis_tlast),
    .s_axis_tuser  (s_axis_tuser),
    .write_enable  (x_write),
    .write_address (x_write_address),
    .write_data    (x_write_data),
    .frame_ready   (frame_ready),
    .frame_restart (frame_restart),
    .frame_start   (frame_start),
    .freed         (x_release_line[READ_STAGE - 1]),
    .committed     (committed),
    .receiving     (receiving),
    .error         (error),
    .error_count   (error_count)
  );

  // Sequencer and index decoder.

  wire load;
  wire [76:0] next_layer;
  wire [76:0] layer;
  wire x_side;
  wire from_input;
  wire upper_buffer;
  wire issue;
  wire store;
  wire complete;
  wire zero;
  wire slot;
  wire [4:0] weight_address;
  wire frame_end;
  wire [1:0] layer_number;
  wire restart;
  wire parity;
  wire group_last;
  wire tile_last;
  wire retire;
  wire output_taken;

  mini_sequencer #(
    .MEM_DIR (MEM_DIR)
  ) u_sequencer (
    .clk            (clk),
    .rst            (rst),
    .frame_ready    (frame_ready),
    .frame_restart  (frame_restart),
    .frame_start    (frame_start),
    .x_release      (x_release),
    .retire         (retire),
    .output_taken   (output_taken),
    .tile_last      (tile_last),
    .load           (load),
    .next_layer     (next_layer),
    .layer          (layer),
    .x_side         (x_side),
    .from_input     (from_input),
    .upper_buffer   (upper_buffer),
    .issue          (issue),
    .store          (store),
    .complete       (complete),
    .zero           (zero),
    .slot           (slot),
    .weight_address (weight_address),
    .frame_end      (frame_end),
    .layer_number   (layer_number),
    .restart        (restart),
    .parity         (parity),
    .group_last     (group_last)
  );

  // the tile is the first of its half
  wire tile_first;
  // one address per stream
  wire [3:0] address;
  // columns in the matrix
  wire [3:0] present;

  mini_hcgs_decoder #(
    .MEM_DIR (MEM_DIR)
  ) u_decoder (
    .clk          (clk),
    .rst          (rst),
    .load         (load),
    .next_layer   (next_layer),
    .layer        (layer),
    .x_side       (x_side),
    .from_input   (from_input),
    .upper_buffer (upper_buffer),
    .advance      (issue),
    .tile_first   (tile_first),
    .tile_last    (tile_last),
    .address      (address),
    .present      (present)
  );

  // What a tile carries along the pipeline: bit n of a line is n + 1 cycles late.

  reg [OPERAND_STAGE - 1:0] issue_line;

  always @(posedge clk) begin
    if (rst) begin
      issue_line <= {OPERAND_STAGE{1'b0}};
    end else begin
      issue_line <= {issue_line[OPERAND_STAGE - 2:0], issue};
    end
  end

  reg [SUM_STAGE - 1:0] store_line;

  always @(posedge clk) begin
    if (rst) begin
      store_line <= {SUM_STAGE{1'b0}};
    end else begin
      store_line <= {store_line[SUM_STAGE - 2:0], store};
    end
  end

  reg [PAIR_STAGE - 1:0] complete_line;

  always @(posedge clk) begin
    if (rst) begin
      complete_line <= {PAIR_STAGE{1'b0}};
    end else begin
      complete_line <= {complete_line[PAIR_STAGE - 2:0], complete};
    end
  end

  reg [READ_STAGE - 1:0] from_input_line;

  always @(posedge clk) begin
    from_input_line <= {from_input_line[READ_STAGE - 2:0], from_input};
  end

  reg [READ_STAGE - 1:0] zero_line;

  always @(posedge clk) begin
    zero_line <= {zero_line[READ_STAGE - 2:0], zero};
  end

  reg [OPERAND_STAGE - 1:0] tile_first_line;

  always @(posedge clk) begin
    tile_first_line <= {tile_first_line[OPERAND_STAGE - 2:0], tile_first};
  end

  reg [SUM_STAGE - 1:0] slot_line;

  always @(posedge clk) begin
    slot_line <= {slot_line[SUM_STAGE - 2:0], slot};
  end

  reg [PAIR_STAGE - 1:0] frame_end_line;

  always @(posedge clk) begin
    frame_end_line <= {frame_end_line[PAIR_STAGE - 2:0], frame_end};
  end

  // restart, parity, last row group set of the layer
  wire [2:0] tile_info = {restart, parity, group_last};
  reg [3 * PAIR_STAGE - 1:0] tile_info_line;

  always @(posedge clk) begin
    tile_info_line <= {tile_info_line[3 * PAIR_STAGE - 4:0], tile_info};
  end

  reg [2 * PAIR_STAGE - 3:0] layer_number_line;

  always @(posedge clk) begin
    layer_number_line <= {layer_number_line[2 * PAIR_STAGE - 5:0], layer_number};
  end

  reg [5 * READ_STAGE - 1:0] weight_address_line;

  always @(posedge clk) begin
    weight_address_line <= {weight_address_line[5 * READ_STAGE - 6:0], weight_address};
  end

  // Activation memories.

  wire h_write;
  wire [4:0] h_write_address;
  wire [25:0] h_write_data;
  wire [51:0] operands;

  mini_activation_memory u_activations (
    .clk        (clk),
    .x_write    (x_write),
    .x_address  (x_write_address),
    .x_data     (x_write_data),
    .h_write    (h_write),
    .h_address  (h_write_address),
    .h_data     (h_write_data),
    .read       (issue_line[READ_STAGE - 1]),
    .from_input (from_input_line[READ_STAGE - 1]),
    .zero       (zero_line[READ_STAGE - 1]),
    .address    (address),
    .present    (present),
    .operands   (operands)
  );

  // Weights and MAC array.

  wire [383:0] weights;

  mini_weight_banks #(
    .MEM_DIR (MEM_DIR)
  ) u_weights (
    .clk     (clk),
    .rst     (rst),
    .advance (issue_line[READ_STAGE - 1]),
    .address (weight_address_line[5 * READ_STAGE - 5 +: 5]),
    .weights (weights)
  );

  wire [367:0] array_sums;

  mini_mac_array u_array (
    .clk         (clk),
    .rst         (rst),
    .valid       (issue_line[OPERAND_STAGE - 1]),
    .first       (tile_first_line[OPERAND_STAGE - 1]),
    .weights     (weights),
    .activations (operands),
    .sums        (array_sums)
  );

  // The ready half waits in a slot; the completing half fetches it.

  wire [367:0] ready_sums;
  wire [367:0] complete_sums;

  mini_sum_slots u_slots (
    .clk           (clk),
    .store         (store_line[SUM_STAGE - 1]),
    .complete      (complete_line[SUM_STAGE - 1]),
    .slot          (slot_line[SUM_STAGE - 1]),
    .sums          (array_sums),
    .ready_sums    (ready_sums),
    .complete_sums (complete_sums)
  );

  wire step;
  wire step_last;
  wire [183:0] lane_ready_sums;
  wire [183:0] lane_complete_sums;
  wire pair = complete_line[PAIR_STAGE - 1];

  mini_lane_feed u_feed (
    .clk                (clk),
    .rst                (rst),
    .take               (pair),
    .ready_sums         (ready_sums),
    .complete_sums      (complete_sums),
    .step               (step),
    .step_last          (step_last),
    .lane_ready_sums    (lane_ready_sums),
    .lane_complete_sums (lane_complete_sums)
  );

  // Cell update.

  wire [2:0] pair_info = tile_info_line[3 * PAIR_STAGE - 3 +: 3];
  // restart and parity of the row group set at the lanes
  reg [1:0] step_info;
  reg step_frame_end;
  // the next row group set is the first of its layer
  reg layer_begins;

  always @(posedge clk) begin
    if (rst) begin
      layer_begins <= 1'b1;
    end else if (pair) begin
      layer_begins <= pair_info[0];
    end
    if (pair) begin
      step_info <= pair_info[2:1];
      step_frame_end <= frame_end_line[PAIR_STAGE - 1];
    end
  end

  wire sum_valid;
  wire h_leaves;
  wire sum_end;
  wire h_end;
  wire [199:0] lane_sums;
  wire [4:0] sum_step;
  wire [4:0] h_step;

  mini_cell_update #(
    .TRACE   (TRACE),
    .MEM_DIR (MEM_DIR)
  ) u_cells (
    .clk              (clk),
    .rst              (rst),
    .fetch            (complete_line[PAIR_STAGE - 2]),
    .fetch_layer      (layer_number_line[2 * PAIR_STAGE - 4 +: 2]),
    .take             (pair),
    .take_first       (layer_begins),
    .restart          (step_info[1]),
    .parity           (step_info[0]),
    .step             (step),
    .step_last        (step_last),
    .frame_end        (step_last && step_frame_end),
    .ready_sums       (lane_ready_sums),
    .complete_sums    (lane_complete_sums),
    .retire           (retire),
    .sum_valid        (sum_valid),
    .h_valid          (h_write),
    .h_leaves         (h_leaves),
    .h_address        (h_write_address),
    .h_data           (h_write_data),
    .sum_end          (sum_end),
    .h_end            (h_end),
    .trace_sum_valid  (trace_sum_valid),
    .trace_sum_layer  (trace_sum_layer),
    .trace_sum_step   (sum_step),
    .sums             (lane_sums),
    .trace_cell_layer (trace_cell_layer),
    .trace_cell_step  (h_step),
    .trace_cell       (trace_cell_c)
  );

  wire unused_trace = &{1'b0, sum_step, h_step, 1'b0};

  generate
    if (TRACE == 1) begin : g_trace
      assign trace_sum_data = lane_sums;
      assign trace_cell_valid = h_write;
      assign trace_cell_h = h_write_data;
      assign trace_sum_row = {sum_step[3:0], 1'b0};
      assign trace_cell_row = {h_step[3:0], 1'b0};
    end else begin : g_no_trace
      assign trace_sum_data = 200'd0;
      assign trace_cell_valid = 1'b0;
      assign trace_cell_h = 26'd0;
      assign trace_sum_row = 5'd0;
      assign trace_cell_row = 5'd0;
    end
  endgenerate

  // Output stream: exact sums of the output layer, or h of the last layer.

  wire unused_output = &{1'b0, h_leaves, h_end, 1'b0};
  wire [2:0] output_last = shape[6:4];
  wire output_lanes = shape[7];

  mini_frame_output u_output (
    .clk           (clk),
    .rst           (rst),
    .last_beat     (output_last),
    .last_lanes    (output_lanes),
    .write_enable  (sum_valid),
    .write_end     (sum_end),
    .write_data    (lane_sums),
    .m_axis_tdata  (m_axis_tdata),
    .m_axis_tvalid (m_axis_tvalid),
    .m_axis_tready (m_axis_tready),
    .m_axis_tlast  (m_axis_tlast),
    .taken         (output_taken)
  );

  mini_busy_counter u_busy (
    .clk       (clk),
    .rst       (rst),
    .receiving (receiving),
    .committed (committed),
    .sent      (output_taken),
    .busy      (busy),
    .cycles    (cycles)
  );

endmodule

`default_nettype wire
