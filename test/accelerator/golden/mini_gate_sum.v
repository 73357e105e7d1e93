// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Aligned gate sum s = (Sx << shift_x) + (Sh << shift_h) + (b << shift_bias), exact, after two
// cycles; three more to the table input u = sat(rnd(s)). The rounding shift is ROUND_MOST - round:
// a left shift by `round` and a constant right shift.
`default_nettype none

module mini_gate_sum #(
  // Bits of Sx and Sh
  parameter ACC_BITS = 23,
  // Bits of the bias
  parameter BIAS_BITS = 16,
  // Bits of the aligned sum: the worst case of the shape
  parameter SUM_BITS = 25,
  // Bits of the left shift of Sx
  parameter SHIFT_X_BITS = 2,
  // Bits of the left shift of Sh
  parameter SHIFT_H_BITS = 2,
  // Bits of the left shift of the bias
  parameter SHIFT_BIAS_BITS = 2,
  // Largest rounding shift from a gate sum to the table input
  parameter ROUND_MOST = 8,
  // Bits of a rounding shift
  parameter ROUND_BITS = 4
) (
  input wire                                clk,
  // bit n: sums came n cycles ago (n > 1: and go to a table)
  input wire        [4:0]                   active,
  input wire signed [ACC_BITS - 1:0]        x_sum,
  // zero in the output layer
  input wire signed [ACC_BITS - 1:0]        h_sum,
  input wire signed [BIAS_BITS - 1:0]       bias,
  input wire        [SHIFT_X_BITS - 1:0]    shift_x,
  input wire        [SHIFT_H_BITS - 1:0]    shift_h,
  input wire        [SHIFT_BIAS_BITS - 1:0] shift_bias,
  // ROUND_MOST less the rounding shift, 2 cycles after the sums
  input wire        [ROUND_BITS - 1:0]      round,
  // two cycles late
  output reg signed [SUM_BITS - 1:0]        sum,
  // five cycles late
  output reg signed [13:0]                  u
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if (ACC_BITS < 1) begin : g_acc_bits_must_be_at_least_1
      ACC_BITS_must_be_at_least_1 parameter_error ();
    end
    if (BIAS_BITS < 1) begin : g_bias_bits_must_be_at_least_1
      BIAS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (SUM_BITS < 16) begin : g_sum_bits_must_be_at_least_16
      SUM_BITS_must_be_at_least_16 parameter_error ();
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
    if (
        SUM_BITS < (ACC_BITS > BIAS_BITS ? ACC_BITS : BIAS_BITS)
    ) begin : g_sum_bits_must_be_at_least_acc_bits_and_bias_bits
      SUM_BITS_must_be_at_least_ACC_BITS_and_BIAS_BITS parameter_error ();
    end
    if (ROUND_BITS < $clog2(ROUND_MOST + 1)) begin : g_round_bits_must_hold_round_most
      ROUND_BITS_must_hold_ROUND_MOST parameter_error ();
    end
  endgenerate

  reg signed [SUM_BITS - 1:0] x_aligned;
  reg signed [SUM_BITS - 1:0] h_aligned;
  reg signed [SUM_BITS - 1:0] bias_aligned;

  // Stages, in cycles after the sums; u follows the last.

  // aligned sums are added
  localparam ADD_STAGE = 1;
  // the sum is shifted
  localparam SCALE_STAGE = 2;
  // rounded
  localparam ROUND_STAGE = 3;
  // saturated
  localparam CLAMP_STAGE = 4;

  always @(posedge clk) begin
    if (active[0]) begin
      x_aligned <= $signed({{(SUM_BITS - ACC_BITS){x_sum[ACC_BITS - 1]}}, x_sum}) <<< shift_x;
      h_aligned <= $signed({{(SUM_BITS - ACC_BITS){h_sum[ACC_BITS - 1]}}, h_sum}) <<< shift_h;
      bias_aligned <= $signed({{(SUM_BITS - BIAS_BITS){bias[BIAS_BITS - 1]}}, bias}) <<< shift_bias;
    end
    if (active[ADD_STAGE]) begin
      sum <= x_aligned + h_aligned + bias_aligned;
    end
  end

  reg signed [ROUND_MOST + SUM_BITS - 1:0] scaled;
  // one zero bit below, so that a shift of zero has a bit to round by
  wire signed [ROUND_MOST + SUM_BITS:0] rounded_exact = $signed({scaled, 1'b0});
  wire unused_rounded = &{1'b0, rounded_exact, 1'b0};
  wire signed [SUM_BITS - 1:0] rounded_floor = $signed(rounded_exact[ROUND_MOST + 1 +: SUM_BITS]);
  wire signed [SUM_BITS:0] rounded =
      $signed({rounded_floor[SUM_BITS - 1], rounded_floor}) +
      $signed({{SUM_BITS{1'b0}}, rounded_exact[ROUND_MOST]});
  reg signed [SUM_BITS:0] rounded_late;
  // sign and the bits above the word
  wire [SUM_BITS - 13:0] clamped_top = rounded_late[SUM_BITS:13];
  wire signed [13:0] clamped =
      $signed(((&clamped_top) || !(|clamped_top)) ?
          rounded_late[13:0] :
          {rounded_late[SUM_BITS], {13{!rounded_late[SUM_BITS]}}});

  always @(posedge clk) begin
    if (active[SCALE_STAGE]) begin
      scaled <= $signed({{ROUND_MOST{sum[SUM_BITS - 1]}}, sum}) <<< round;
    end
    if (active[ROUND_STAGE]) begin
      rounded_late <= rounded;
    end
    if (active[CLAMP_STAGE]) begin
      u <= clamped;
    end
  end

endmodule

`default_nettype wire
