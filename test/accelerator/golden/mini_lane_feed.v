// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Takes both halves of a row group set at once and passes CELL_LANES cells per cycle on, lowest
// rows first. The sequencer spaces row group sets so that it is always free.
`default_nettype none

module mini_lane_feed #(
  // Bits of one sum
  parameter ACC_BITS = 23,
  // Cells of a row group set
  parameter CELLS = 4,
  // Cells per cycle; divides CELLS
  parameter CELL_LANES = 2,
  // CELLS / CELL_LANES - 1
  parameter LAST_STEP = 1
) (
  input wire                                    clk,
  input wire                                    rst,
  // a row group set is at the ports
  input wire                                    take,
  // sums of the ready half, [cell][gate]
  input wire  [4 * ACC_BITS * CELLS - 1:0]      ready_sums,
  // sums of the completing half
  input wire  [4 * ACC_BITS * CELLS - 1:0]      complete_sums,
  // cells are at the lanes
  output reg                                    step,
  // the last of their set
  output wire                                   step_last,
  output wire [4 * ACC_BITS * CELL_LANES - 1:0] lane_ready_sums,
  output wire [4 * ACC_BITS * CELL_LANES - 1:0] lane_complete_sums
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if (ACC_BITS < 1) begin : g_acc_bits_must_be_at_least_1
      ACC_BITS_must_be_at_least_1 parameter_error ();
    end
    if (CELLS < 1) begin : g_cells_must_be_at_least_1
      CELLS_must_be_at_least_1 parameter_error ();
    end
    if (CELL_LANES < 1) begin : g_cell_lanes_must_be_at_least_1
      CELL_LANES_must_be_at_least_1 parameter_error ();
    end
    if (LAST_STEP < 0) begin : g_last_step_must_be_at_least_0
      LAST_STEP_must_be_at_least_0 parameter_error ();
    end
    if (
        (CELL_LANES + CELL_LANES * LAST_STEP) != CELLS
    ) begin : g_last_step_must_be_cells_over_cell_lanes_less_1
      LAST_STEP_must_be_CELLS_over_CELL_LANES_less_1 parameter_error ();
    end
  endgenerate

  localparam STEP_BITS = (LAST_STEP + 1) > 1 ? $clog2(LAST_STEP + 1) : 1;

  reg [4 * ACC_BITS * CELLS - 1:0] ready_shift;
  reg [4 * ACC_BITS * CELLS - 1:0] complete_shift;
  // steps after this one
  reg [STEP_BITS - 1:0] steps_left;

  always @(posedge clk) begin
    if (rst) begin
      step <= 1'b0;
      steps_left <= {STEP_BITS{1'b0}};
    end else if (take) begin
      step <= 1'b1;
      steps_left <= LAST_STEP[STEP_BITS - 1:0];
    end else if (steps_left != {STEP_BITS{1'b0}}) begin
      steps_left <= steps_left - 1'b1;
    end else begin
      step <= 1'b0;
    end
    if (take) begin
      ready_shift <= ready_sums;
      complete_shift <= complete_sums;
    end else if (steps_left != {STEP_BITS{1'b0}}) begin
      ready_shift <= ready_shift >> (4 * ACC_BITS * CELL_LANES);
      complete_shift <= complete_shift >> (4 * ACC_BITS * CELL_LANES);
    end
  end

  assign step_last = step && (steps_left == {STEP_BITS{1'b0}});
  assign lane_ready_sums = ready_shift[4 * ACC_BITS * CELL_LANES - 1:0];
  assign lane_complete_sums = complete_shift[4 * ACC_BITS * CELL_LANES - 1:0];

endmodule

`default_nettype wire
