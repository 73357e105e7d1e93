// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Cell update of CELL_LANES cells per cycle, fully pipelined. Biases and c are stored in the order
// of the steps of a frame, so counters address both. The output layer leaves after 3 cycles as
// exact sums; h is written 28 cycles after the sums arrive.
`default_nettype none

module mini_cell_update #(
  // Bits of one sum from the array
  parameter ACC_BITS = 23,
  // Bits of an aligned gate sum
  parameter SUM_BITS = 25,
  // Bits of h
  parameter ACT_BITS = 13,
  // Bits of c
  parameter CELL_BITS = 16,
  // Steps of the recurrent layers: words of the c memory
  parameter CELL_DEPTH = 16,
  // Finest binary point of c
  parameter CELL_POINT = 16,
  // Finest less coarsest binary point of c
  parameter CELL_SHIFT_MOST = 4,
  // Bits of the shift to the finest point
  parameter CELL_SHIFT_BITS = 3,
  // Bits of a bias
  parameter BIAS_BITS = 16,
  // Cells at once
  parameter CELL_LANES = 2,
  // Words of the cell table
  parameter LAYERS = 3,
  // Steps of a frame: words of the bias ROM
  parameter BIAS_DEPTH = 18,
  // Bits of the left shift of Sx
  parameter SHIFT_X_BITS = 2,
  // Bits of the left shift of Sh
  parameter SHIFT_H_BITS = 2,
  // Bits of the left shift of the bias
  parameter SHIFT_BIAS_BITS = 2,
  // Largest rounding shift from a gate sum to the table input
  parameter ROUND_MOST = 8,
  // Bits of a rounding shift
  parameter ROUND_BITS = 4,
  // Bits of an h write address
  parameter H_ADDRESS_BITS = 5,
  // Words of CELL_LANES in one h buffer
  parameter H_BUFFER_WORDS = 16,
  // 1: the trace ports show sums, c and h, for co-simulation; 0: they are zero, without a register
  parameter TRACE = 1,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Image of the bias ROM: [lane][channel]
  parameter BIAS_FILE = "mini_bias.mem",
  // Image of the cell table
  parameter CELL_FILE = "mini_cells.mem"
) (
  input wire                                            clk,
  input wire                                            rst,
  // a row group set is taken in the next cycle
  input wire                                            fetch,
  // its layer
  input wire  [(LAYERS > 1 ? $clog2(LAYERS) : 1) - 1:0] fetch_layer,
  // a row group set goes to the lane feed
  input wire                                            take,
  // the first of its layer
  input wire                                            take_first,
  // c reads as zero
  input wire                                            restart,
  // h buffer to write
  input wire                                            parity,
  // sums are present
  input wire                                            step,
  // they are the last of their row group set
  input wire                                            step_last,
  // and of the frame
  input wire                                            frame_end,
  // [lane][gate]
  input wire  [4 * ACC_BITS * CELL_LANES - 1:0]         ready_sums,
  // [lane][gate]
  input wire  [4 * ACC_BITS * CELL_LANES - 1:0]         complete_sums,
  // h of a row group set is written 4 cycles later, in time for a tile issued after this
  output wire                                           retire,
  // aligned sums of the output layer
  output wire                                           sum_valid,
  // h of a layer
  output wire                                           h_valid,
  // which is the output of the network
  output wire                                           h_leaves,
  // words of CELL_LANES
  output wire [H_ADDRESS_BITS - 1:0]                    h_address,
  output wire [ACT_BITS * CELL_LANES - 1:0]             h_data,
  // sum_valid and the last of the frame
  output wire                                           sum_end,
  // h_valid and the last of the frame
  output wire                                           h_end,
  // aligned sums of a layer
  output wire                                           trace_sum_valid,
  output wire [(LAYERS > 1 ? $clog2(LAYERS) : 1) - 1:0] trace_sum_layer,
  // step within the layer: row / CELL_LANES
  output wire [H_ADDRESS_BITS - 1:0]                    trace_sum_step,
  // [lane][channel]
  output wire [4 * CELL_LANES * SUM_BITS - 1:0]         sums,
  // with h_valid
  output wire [(LAYERS > 1 ? $clog2(LAYERS) : 1) - 1:0] trace_cell_layer,
  // step within the layer: row / CELL_LANES
  output wire [H_ADDRESS_BITS - 1:0]                    trace_cell_step,
  // c' of the cells of h_data
  output wire [CELL_BITS * CELL_LANES - 1:0]            trace_cell
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if (ACC_BITS < 1) begin : g_acc_bits_must_be_at_least_1
      ACC_BITS_must_be_at_least_1 parameter_error ();
    end
    if (SUM_BITS < 16) begin : g_sum_bits_must_be_at_least_16
      SUM_BITS_must_be_at_least_16 parameter_error ();
    end
    if ((ACT_BITS < 4) || (ACT_BITS > 16)) begin : g_act_bits_must_be_4_to_16
      ACT_BITS_must_be_4_to_16 parameter_error ();
    end
    if ((CELL_BITS < 8) || (CELL_BITS > 24)) begin : g_cell_bits_must_be_8_to_24
      CELL_BITS_must_be_8_to_24 parameter_error ();
    end
    if (CELL_DEPTH < 1) begin : g_cell_depth_must_be_at_least_1
      CELL_DEPTH_must_be_at_least_1 parameter_error ();
    end
    if (CELL_POINT < 12) begin : g_cell_point_must_be_at_least_12
      CELL_POINT_must_be_at_least_12 parameter_error ();
    end
    if (CELL_SHIFT_MOST < 0) begin : g_cell_shift_most_must_be_at_least_0
      CELL_SHIFT_MOST_must_be_at_least_0 parameter_error ();
    end
    if (CELL_SHIFT_BITS < 1) begin : g_cell_shift_bits_must_be_at_least_1
      CELL_SHIFT_BITS_must_be_at_least_1 parameter_error ();
    end
    if ((BIAS_BITS < 4) || (BIAS_BITS > 24)) begin : g_bias_bits_must_be_4_to_24
      BIAS_BITS_must_be_4_to_24 parameter_error ();
    end
    if (CELL_LANES < 1) begin : g_cell_lanes_must_be_at_least_1
      CELL_LANES_must_be_at_least_1 parameter_error ();
    end
    if (LAYERS < 1) begin : g_layers_must_be_at_least_1
      LAYERS_must_be_at_least_1 parameter_error ();
    end
    if (BIAS_DEPTH < 1) begin : g_bias_depth_must_be_at_least_1
      BIAS_DEPTH_must_be_at_least_1 parameter_error ();
    end
    if (SHIFT_X_BITS < 1) begin : g_shift_x_bits_must_be_at_least_1
      SHIFT_X_BITS_must_be_at_least_1 parameter_error ();
    end
    if (SHIFT_H_BITS < 1) begin : g_shift_h_bits_must_be_at_least_1
      SHIFT_H_BITS_must_be_at_least_1 parameter_error ();
    end
    if (SHIFT_BIAS_BITS < 1) begin : g_shift_bias_bits_must_be_at_least_1
      SHIFT_BIAS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (ROUND_MOST < 0) begin : g_round_most_must_be_at_least_0
      ROUND_MOST_must_be_at_least_0 parameter_error ();
    end
    if (ROUND_BITS < 1) begin : g_round_bits_must_be_at_least_1
      ROUND_BITS_must_be_at_least_1 parameter_error ();
    end
    if (H_ADDRESS_BITS < 1) begin : g_h_address_bits_must_be_at_least_1
      H_ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (H_BUFFER_WORDS < 1) begin : g_h_buffer_words_must_be_at_least_1
      H_BUFFER_WORDS_must_be_at_least_1 parameter_error ();
    end
    if ((TRACE < 0) || (TRACE > 1)) begin : g_trace_must_be_0_to_1
      TRACE_must_be_0_to_1 parameter_error ();
    end
    if (
        H_ADDRESS_BITS < $clog2(2 * H_BUFFER_WORDS)
    ) begin : g_h_address_bits_must_reach_both_buffers
      H_ADDRESS_BITS_must_reach_both_buffers parameter_error ();
    end
  endgenerate

  localparam BIAS_ADDRESS_BITS = BIAS_DEPTH > 1 ? $clog2(BIAS_DEPTH) : 1;
  localparam C_ADDRESS_BITS = CELL_DEPTH > 1 ? $clog2(CELL_DEPTH) : 1;
  // all but the base of the biases
  localparam ENTRY_BITS =
      CELL_SHIFT_BITS +
      C_ADDRESS_BITS +
      H_ADDRESS_BITS +
      ROUND_BITS +
      SHIFT_BIAS_BITS +
      SHIFT_H_BITS +
      SHIFT_X_BITS +
      3;

  // cell table word of the layer that is taken
  wire [BIAS_ADDRESS_BITS + ENTRY_BITS - 1:0] next_entry;

  mini_rom #(
    .WIDTH     (BIAS_ADDRESS_BITS + ENTRY_BITS),
    .DEPTH     (LAYERS),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (CELL_FILE)
  ) u_cell_table (
    .clk     (clk),
    .enable  (fetch),
    .address (fetch_layer),
    .data    (next_entry)
  );

  // of the layer of the step
  reg [ENTRY_BITS - 1:0] entry;

  always @(posedge clk) begin
    if (take) begin
      entry <= next_entry[ENTRY_BITS - 1:0];
    end
  end

  // Fields of the cell table word.

  localparam ENTRY_SHIFT_H_LSB = SHIFT_X_BITS + 3;
  localparam ENTRY_SHIFT_BIAS_LSB = ENTRY_SHIFT_H_LSB + SHIFT_H_BITS;
  localparam ENTRY_ROUND_LSB = ENTRY_SHIFT_BIAS_LSB + SHIFT_BIAS_BITS;
  localparam ENTRY_CELL_SHIFT_LSB = ENTRY_ROUND_LSB + ROUND_BITS;
  localparam ENTRY_C_BASE_LSB = CELL_SHIFT_BITS + ENTRY_CELL_SHIFT_LSB;
  localparam ENTRY_H_BASE_LSB = C_ADDRESS_BITS + ENTRY_C_BASE_LSB;
  localparam ENTRY_BIAS_BASE_LSB = ENTRY_H_BASE_LSB + H_ADDRESS_BITS;

  wire output_layer = entry[0];

  // Stages, in cycles after a step.

  // its sums are in registers
  localparam OPERAND_STAGE = 1;
  // they are aligned and added
  localparam SUM_STAGE = 3;
  // u is at the table
  localparam U_STAGE = 6;
  // the address of c is at its memory
  localparam C_READ_STAGE = 9;
  // c' is written
  localparam C_STAGE = 17;
  // tiles that need its h may be issued
  localparam RETIRE_STAGE = 24;
  // h is written
  localparam H_STAGE = 28;

  // its h is the output of the network
  wire layer_leaves = entry[1];

  // Valid bits and flags that travel with a step: bit n of a line is n + 1 cycles late.

  reg [H_STAGE - 1:0] cell_step_line;

  always @(posedge clk) begin
    if (rst) begin
      cell_step_line <= {H_STAGE{1'b0}};
    end else begin
      cell_step_line <= {cell_step_line[H_STAGE - 2:0], step && !output_layer};
    end
  end

  reg [SUM_STAGE - 1:0] step_line;

  always @(posedge clk) begin
    if (rst) begin
      step_line <= {SUM_STAGE{1'b0}};
    end else begin
      step_line <= {step_line[SUM_STAGE - 2:0], step};
    end
  end

  reg [RETIRE_STAGE - 1:0] retire_line;

  always @(posedge clk) begin
    if (rst) begin
      retire_line <= {RETIRE_STAGE{1'b0}};
    end else begin
      retire_line <= {retire_line[RETIRE_STAGE - 2:0], step && step_last};
    end
  end

  reg [H_STAGE - 1:0] end_line;

  always @(posedge clk) begin
    if (rst) begin
      end_line <= {H_STAGE{1'b0}};
    end else begin
      end_line <= {end_line[H_STAGE - 2:0], step && frame_end};
    end
  end

  reg [H_STAGE - 1:0] leaves_line;

  always @(posedge clk) begin
    leaves_line <= {leaves_line[H_STAGE - 2:0], layer_leaves};
  end

  reg [H_STAGE - 1:0] parity_line;

  always @(posedge clk) begin
    parity_line <= {parity_line[H_STAGE - 2:0], parity};
  end

  reg [C_READ_STAGE:0] restart_line;

  always @(posedge clk) begin
    restart_line <= {restart_line[C_READ_STAGE - 1:0], restart};
  end

  wire [4 * BIAS_BITS * CELL_LANES - 1:0] biases;

  // Biases are stored in the order of the steps of a layer.

  // word of the biases of the step
  reg [BIAS_ADDRESS_BITS - 1:0] position;
  // a layer begins
  wire bias_first = take && take_first;
  wire [BIAS_ADDRESS_BITS - 1:0] position_next =
      bias_first ? next_entry[ENTRY_BIAS_BASE_LSB +: BIAS_ADDRESS_BITS] : position + 1'b1;
  wire position_moves = bias_first || step;

  always @(posedge clk) begin
    if (rst) begin
      position <= {BIAS_ADDRESS_BITS{1'b0}};
    end else if (position_moves) begin
      position <= position_next;
    end
  end

  mini_rom #(
    .WIDTH     (4 * BIAS_BITS * CELL_LANES),
    .DEPTH     (BIAS_DEPTH),
    .MEM_DIR   (MEM_DIR),
    .INIT_FILE (BIAS_FILE)
  ) u_bias (
    .clk     (clk),
    .enable  (position_moves),
    .address (position_next),
    .data    (biases)
  );

  assign retire = retire_line[RETIRE_STAGE - 1];
  assign sum_valid = step_line[SUM_STAGE - 1] && !cell_step_line[SUM_STAGE - 1];
  assign sum_end = sum_valid && end_line[SUM_STAGE - 1];
  assign h_valid = cell_step_line[H_STAGE - 1];
  assign h_leaves = leaves_line[H_STAGE - 1];
  assign h_end = h_valid && end_line[H_STAGE - 1];

  // Words of c and h: from the base of the layer on, in the order of its steps.

  // the next step is the first of its layer
  reg first_step;

  always @(posedge clk) begin
    if (rst) begin
      first_step <= 1'b0;
    end else if (take) begin
      first_step <= take_first;
    end else if (step) begin
      first_step <= 1'b0;
    end
  end

  reg [H_STAGE - 2:0] first_step_line;

  always @(posedge clk) begin
    if (rst) begin
      first_step_line <= {(H_STAGE - 1){1'b0}};
    end else begin
      first_step_line <= {first_step_line[H_STAGE - 3:0], step && first_step};
    end
  end

  reg [H_ADDRESS_BITS * H_STAGE - H_ADDRESS_BITS - 1:0] h_base_line;

  always @(posedge clk) begin
    h_base_line <=
        {
            h_base_line[H_ADDRESS_BITS * H_STAGE - 2 * H_ADDRESS_BITS - 1:0],
            entry[ENTRY_H_BASE_LSB +: H_ADDRESS_BITS]
        };
  end

  reg [H_ADDRESS_BITS - 1:0] h_word;

  always @(posedge clk) begin
    if (first_step_line[H_STAGE - 2]) begin
      h_word <= h_base_line[H_ADDRESS_BITS * H_STAGE - 2 * H_ADDRESS_BITS +: H_ADDRESS_BITS];
    end else if (cell_step_line[H_STAGE - 1]) begin
      h_word <= h_word + 1'b1;
    end
  end

  assign h_address =
      h_word +
      (parity_line[H_STAGE - 1] ? H_BUFFER_WORDS[H_ADDRESS_BITS - 1:0] : {H_ADDRESS_BITS{1'b0}});

  // c memory: read just before the gates are ready, written as soon as c is.

  wire [CELL_BITS * CELL_LANES - 1:0] cell_stored;
  wire [CELL_BITS * CELL_LANES - 1:0] cell_next;
  reg [C_ADDRESS_BITS * C_STAGE - C_ADDRESS_BITS - 1:0] c_base_line;

  always @(posedge clk) begin
    c_base_line <=
        {
            c_base_line[C_ADDRESS_BITS * C_STAGE - 2 * C_ADDRESS_BITS - 1:0],
            entry[ENTRY_C_BASE_LSB +: C_ADDRESS_BITS]
        };
  end

  reg [C_ADDRESS_BITS - 1:0] c_read_address;
  reg [C_ADDRESS_BITS - 1:0] c_write_address;

  always @(posedge clk) begin
    if (first_step_line[C_READ_STAGE - 2]) begin
      c_read_address <=
          c_base_line[C_ADDRESS_BITS * C_READ_STAGE - 2 * C_ADDRESS_BITS +: C_ADDRESS_BITS];
    end else if (cell_step_line[C_READ_STAGE - 1]) begin
      c_read_address <= c_read_address + 1'b1;
    end
    if (first_step_line[C_STAGE - 2]) begin
      c_write_address <=
          c_base_line[C_ADDRESS_BITS * C_STAGE - 2 * C_ADDRESS_BITS +: C_ADDRESS_BITS];
    end else if (cell_step_line[C_STAGE - 1]) begin
      c_write_address <= c_write_address + 1'b1;
    end
  end

  mini_ram #(
    .WIDTH (CELL_BITS * CELL_LANES),
    .DEPTH (CELL_DEPTH)
  ) u_c (
    .clk           (clk),
    .write_enable  (cell_step_line[C_STAGE - 1]),
    .write_address (c_write_address),
    .write_data    (cell_next),
    .read_enable   (cell_step_line[C_READ_STAGE - 1]),
    .read_address  (c_read_address),
    .read_data     (cell_stored)
  );

  wire x_first = entry[2] && !output_layer;
  reg [SHIFT_X_BITS - 1:0] shift_x;

  always @(posedge clk) begin
    if (step) begin
      shift_x <= entry[SHIFT_X_BITS + 2:3];
    end
  end

  reg [SHIFT_H_BITS - 1:0] shift_h;

  always @(posedge clk) begin
    if (step) begin
      shift_h <= entry[ENTRY_SHIFT_H_LSB +: SHIFT_H_BITS];
    end
  end

  reg [SHIFT_BIAS_BITS - 1:0] shift_bias;

  always @(posedge clk) begin
    if (step) begin
      shift_bias <= entry[ENTRY_SHIFT_BIAS_LSB +: SHIFT_BIAS_BITS];
    end
  end

  reg [ROUND_BITS - 1:0] round;

  always @(posedge clk) begin
    if (step) begin
      round <= entry[ENTRY_ROUND_LSB +: ROUND_BITS];
    end
  end

  reg [2 * ROUND_BITS - 1:0] round_line;

  always @(posedge clk) begin
    round_line <= {round_line[ROUND_BITS - 1:0], round};
  end

  wire [U_STAGE - OPERAND_STAGE - 1:0] sum_active =
      {
          cell_step_line[SUM_STAGE - 1 +: U_STAGE - SUM_STAGE],
          step_line[OPERAND_STAGE - 1 +: SUM_STAGE - OPERAND_STAGE]
      };
  wire [H_STAGE - U_STAGE - 1:0] lane_active = cell_step_line[U_STAGE - 1 +: H_STAGE - U_STAGE];
  reg [CELL_SHIFT_BITS * U_STAGE - 1:0] cell_shift_line;

  always @(posedge clk) begin
    cell_shift_line <=
        {
            cell_shift_line[CELL_SHIFT_BITS * U_STAGE - CELL_SHIFT_BITS - 1:0],
            entry[ENTRY_CELL_SHIFT_LSB +: CELL_SHIFT_BITS]
        };
  end

  genvar lane;
  generate
    for (lane = 0; lane < CELL_LANES; lane = lane + 1) begin : g_lane
      wire [55:0] u;

      genvar gate;
      for (gate = 0; gate < 4; gate = gate + 1) begin : g_gate
        wire signed [ACC_BITS - 1:0] ready =
            $signed(ready_sums[ACC_BITS * gate + 4 * ACC_BITS * lane +: ACC_BITS]);
        wire signed [ACC_BITS - 1:0] complete =
            $signed(complete_sums[ACC_BITS * gate + 4 * ACC_BITS * lane +: ACC_BITS]);
        wire signed [ACC_BITS - 1:0] masked = output_layer ? $signed({ACC_BITS{1'b0}}) : ready;
        reg signed [ACC_BITS - 1:0] x_sum;
        reg signed [ACC_BITS - 1:0] h_sum;
        reg signed [BIAS_BITS - 1:0] bias;

        always @(posedge clk) begin
          if (step) begin
            x_sum <= x_first ? ready : complete;
            h_sum <= x_first ? complete : masked;
            bias <= $signed(biases[BIAS_BITS * gate + 4 * BIAS_BITS * lane +: BIAS_BITS]);
          end
        end

        mini_gate_sum #(
          .ACC_BITS        (ACC_BITS),
          .BIAS_BITS       (BIAS_BITS),
          .SUM_BITS        (SUM_BITS),
          .SHIFT_X_BITS    (SHIFT_X_BITS),
          .SHIFT_H_BITS    (SHIFT_H_BITS),
          .SHIFT_BIAS_BITS (SHIFT_BIAS_BITS),
          .ROUND_BITS      (ROUND_BITS),
          .ROUND_MOST      (ROUND_MOST)
        ) u_gate_sum (
          .clk        (clk),
          .active     (sum_active),
          .x_sum      (x_sum),
          .h_sum      (h_sum),
          .bias       (bias),
          .shift_x    (shift_x),
          .shift_h    (shift_h),
          .shift_bias (shift_bias),
          .round      (round_line[ROUND_BITS +: ROUND_BITS]),
          .sum        (sums[SUM_BITS * gate + 4 * SUM_BITS * lane +: SUM_BITS]),
          .u          (u[14 * gate +: 14])
        );
      end

      // zero in the first frame of an utterance
      reg signed [CELL_BITS - 1:0] cell_now;

      always @(posedge clk) begin
        if (cell_step_line[C_READ_STAGE]) begin
          cell_now <=
              $signed({CELL_BITS{!restart_line[C_READ_STAGE]}} &
                  cell_stored[CELL_BITS * lane +: CELL_BITS]);
        end
      end

      wire signed [13:0] u_i = $signed(u[13:0]);
      wire signed [13:0] u_f = $signed(u[27:14]);
      wire signed [13:0] u_g = $signed(u[41:28]);
      wire signed [13:0] u_o = $signed(u[55:42]);
      wire signed [ACT_BITS - 1:0] hidden;
      wire signed [CELL_BITS - 1:0] new_state;

      mini_lstm_lane #(
        .ACT_BITS        (ACT_BITS),
        .CELL_BITS       (CELL_BITS),
        .CELL_POINT      (CELL_POINT),
        .CELL_SHIFT_MOST (CELL_SHIFT_MOST),
        .CELL_SHIFT_BITS (CELL_SHIFT_BITS),
        .MEM_DIR         (MEM_DIR)
      ) u_lane (
        .clk        (clk),
        .active     (lane_active),
        .u_i        (u_i),
        .u_f        (u_f),
        .u_g        (u_g),
        .u_o        (u_o),
        .cell_now   (cell_now),
        .cell_shift (
            cell_shift_line[CELL_SHIFT_BITS * U_STAGE - CELL_SHIFT_BITS +: CELL_SHIFT_BITS]
        ),
        .cell_next  (new_state),
        .hidden     (hidden)
      );

      assign h_data[ACT_BITS * lane +: ACT_BITS] = $unsigned(hidden);
      assign cell_next[CELL_BITS * lane +: CELL_BITS] = $unsigned(new_state);
    end
  endgenerate

  // Where the step of a stage stands, for the trace: each stage has counters of its own.

  generate
    if (TRACE == 1) begin : g_trace
      localparam LAYER_NUMBER_BITS = LAYERS > 1 ? $clog2(LAYERS) : 1;

      // of the set that is taken
      reg [LAYER_NUMBER_BITS - 1:0] early_layer;
      reg [LAYER_NUMBER_BITS - 1:0] step_layer;

      always @(posedge clk) begin
        if (fetch) begin
          early_layer <= fetch_layer;
        end
        if (take) begin
          step_layer <= early_layer;
        end
      end

      reg [H_STAGE * LAYER_NUMBER_BITS - 1:0] step_layer_line;

      always @(posedge clk) begin
        step_layer_line <=
            {step_layer_line[H_STAGE * LAYER_NUMBER_BITS - LAYER_NUMBER_BITS - 1:0], step_layer};
      end

      // step within its layer
      reg [H_ADDRESS_BITS - 1:0] sum_at_step;

      always @(posedge clk) begin
        if (first_step_line[SUM_STAGE - 2]) begin
          sum_at_step <= {H_ADDRESS_BITS{1'b0}};
        end else if (cell_step_line[SUM_STAGE - 1]) begin
          sum_at_step <= sum_at_step + 1'b1;
        end
      end

      // step within its layer
      reg [H_ADDRESS_BITS - 1:0] h_at_step;

      always @(posedge clk) begin
        if (first_step_line[H_STAGE - 2]) begin
          h_at_step <= {H_ADDRESS_BITS{1'b0}};
        end else if (cell_step_line[H_STAGE - 1]) begin
          h_at_step <= h_at_step + 1'b1;
        end
      end

      // cycles from c' to h
      localparam C_TO_H = H_STAGE - C_STAGE;

      reg [CELL_BITS * CELL_LANES * C_TO_H - 1:0] cell_next_line;

      always @(posedge clk) begin
        cell_next_line <=
            {
                cell_next_line[CELL_BITS * CELL_LANES * C_TO_H - CELL_BITS * CELL_LANES - 1:0],
                cell_next
            };
      end

      assign trace_sum_valid = cell_step_line[SUM_STAGE - 1];
      assign trace_sum_layer =
          step_layer_line[LAYER_NUMBER_BITS * SUM_STAGE - LAYER_NUMBER_BITS +: LAYER_NUMBER_BITS];
      assign trace_sum_step = sum_at_step;
      assign trace_cell_layer =
          step_layer_line[H_STAGE * LAYER_NUMBER_BITS - LAYER_NUMBER_BITS +: LAYER_NUMBER_BITS];
      assign trace_cell_step = h_at_step;
      assign trace_cell =
          cell_next_line[
              CELL_BITS * CELL_LANES * C_TO_H - CELL_BITS * CELL_LANES +:
              CELL_BITS * CELL_LANES
          ];
    end else begin : g_no_trace
      assign trace_sum_valid = 1'b0;
      assign trace_sum_layer = {(LAYERS > 1 ? $clog2(LAYERS) : 1){1'b0}};
      assign trace_sum_step = {H_ADDRESS_BITS{1'b0}};
      assign trace_cell_layer = {(LAYERS > 1 ? $clog2(LAYERS) : 1){1'b0}};
      assign trace_cell_step = {H_ADDRESS_BITS{1'b0}};
      assign trace_cell = {(CELL_BITS * CELL_LANES){1'b0}};
    end
  endgenerate

endmodule

`default_nettype wire
