// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// LSTM update, one cell per cycle: i, f, o = sigmoid(u), g = tanh(u); c' = sat(rnd(f * c + i *
// g)); h = sat(rnd(o * tanh(c'))). c is taken when the gates are ready, 5 cycles after u; c'
// appears 11 and h 22 cycles after u. cell_shift is CELL_POINT less the fraction bits of c: every
// variable shift is a left shift, to the finest point, or in the rounding of c' by what cell_shift
// leaves of CELL_SHIFT_MOST, with a constant right shift behind it.
`default_nettype none

module mini_lstm_lane #(
  // Bits of h; it has ACT_BITS - 1 fraction bits
  parameter ACT_BITS = 13,
  // Bits of c
  parameter CELL_BITS = 16,
  // Finest binary point of c, at least 12
  parameter CELL_POINT = 16,
  // Finest less coarsest binary point of c
  parameter CELL_SHIFT_MOST = 4,
  // Bits of the shift to the finest point
  parameter CELL_SHIFT_BITS = 3,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/",
  // Image of the sigmoid table
  parameter SIGMOID_FILE = "mini_sigmoid.mem",
  // Image of the tanh table
  parameter TANH_FILE = "mini_tanh.mem"
) (
  input wire                                clk,
  input wire        [21:0]                  active,     // bit n: u came n cycles ago
  input wire signed [13:0]                  u_i,
  input wire signed [13:0]                  u_f,
  input wire signed [13:0]                  u_g,
  input wire signed [13:0]                  u_o,
  input wire signed [CELL_BITS - 1:0]       cell_now,   // c of this cell, 5 cycles after u
  input wire        [CELL_SHIFT_BITS - 1:0] cell_shift, // with u
  output reg signed [CELL_BITS - 1:0]       cell_next,  // 11 cycles after u
  output reg signed [ACT_BITS - 1:0]        hidden      // 22 cycles after u
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((ACT_BITS < 4) || (ACT_BITS > 16)) begin : g_act_bits_must_be_4_to_16
      ACT_BITS_must_be_4_to_16 parameter_error ();
    end
    if ((CELL_BITS < 8) || (CELL_BITS > 24)) begin : g_cell_bits_must_be_8_to_24
      CELL_BITS_must_be_8_to_24 parameter_error ();
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
    if (
        CELL_SHIFT_BITS < $clog2(CELL_SHIFT_MOST + 1)
    ) begin : g_cell_shift_bits_must_hold_cell_shift_most
      CELL_SHIFT_BITS_must_hold_CELL_SHIFT_MOST parameter_error ();
    end
  endgenerate

  // Stages, in cycles after u.

  // gates leave their tables
  localparam GATE_STAGE = 4;
  // their products are in registers
  localparam PRODUCT_STAGE = 6;
  // c' is in a register
  localparam C_STAGE = 11;
  // c' is at its table
  localparam C_TABLE_STAGE = 14;
  // o meets tanh(c')
  localparam MEET_STAGE = 19;

  wire [12:0] gate_i_magnitude;
  wire gate_i_negative;

  mini_activation_table #(
    .MEM_DIR    (MEM_DIR),
    .TABLE_FILE (SIGMOID_FILE)
  ) u_gate_i (
    .clk      (clk),
    .active   (active[3:0]),
    .u        (u_i),
    .y        (gate_i_magnitude),
    .negative (gate_i_negative)
  );

  wire signed [13:0] gate_i_positive = $signed({1'b0, gate_i_magnitude});
  // sigmoid(-u) = 1 - sigmoid(u)
  wire signed [13:0] gate_i_mirror = 14'sd4096 - gate_i_positive;
  reg signed [13:0] gate_i;

  always @(posedge clk) begin
    if (active[GATE_STAGE]) begin
      gate_i <= gate_i_negative ? gate_i_mirror : gate_i_positive;
    end
  end

  wire [12:0] gate_f_magnitude;
  wire gate_f_negative;

  mini_activation_table #(
    .MEM_DIR    (MEM_DIR),
    .TABLE_FILE (SIGMOID_FILE)
  ) u_gate_f (
    .clk      (clk),
    .active   (active[3:0]),
    .u        (u_f),
    .y        (gate_f_magnitude),
    .negative (gate_f_negative)
  );

  wire signed [13:0] gate_f_positive = $signed({1'b0, gate_f_magnitude});
  // sigmoid(-u) = 1 - sigmoid(u)
  wire signed [13:0] gate_f_mirror = 14'sd4096 - gate_f_positive;
  reg signed [13:0] gate_f;

  always @(posedge clk) begin
    if (active[GATE_STAGE]) begin
      gate_f <= gate_f_negative ? gate_f_mirror : gate_f_positive;
    end
  end

  wire [12:0] gate_g_magnitude;
  wire gate_g_negative;

  mini_activation_table #(
    .MEM_DIR    (MEM_DIR),
    .TABLE_FILE (TANH_FILE)
  ) u_gate_g (
    .clk      (clk),
    .active   (active[3:0]),
    .u        (u_g),
    .y        (gate_g_magnitude),
    .negative (gate_g_negative)
  );

  wire signed [13:0] gate_g_positive = $signed({1'b0, gate_g_magnitude});
  // tanh(-u) = -tanh(u)
  wire signed [13:0] gate_g_mirror = -gate_g_positive;
  reg signed [13:0] gate_g;

  always @(posedge clk) begin
    if (active[GATE_STAGE]) begin
      gate_g <= gate_g_negative ? gate_g_mirror : gate_g_positive;
    end
  end

  wire [12:0] gate_o_magnitude;
  wire gate_o_negative;

  mini_activation_table #(
    .MEM_DIR    (MEM_DIR),
    .TABLE_FILE (SIGMOID_FILE)
  ) u_gate_o (
    .clk      (clk),
    .active   (active[3:0]),
    .u        (u_o),
    .y        (gate_o_magnitude),
    .negative (gate_o_negative)
  );

  wire signed [13:0] gate_o_positive = $signed({1'b0, gate_o_magnitude});
  // sigmoid(-u) = 1 - sigmoid(u)
  wire signed [13:0] gate_o_mirror = 14'sd4096 - gate_o_positive;
  reg signed [13:0] gate_o;

  always @(posedge clk) begin
    if (active[GATE_STAGE]) begin
      gate_o <= gate_o_negative ? gate_o_mirror : gate_o_positive;
    end
  end

  // c' = sat(rnd(f * c + i * g)): the products meet exactly, one rounding, then saturation.

  reg [11 * CELL_SHIFT_BITS - 1:0] cell_shift_line;

  always @(posedge clk) begin
    cell_shift_line <= {cell_shift_line[10 * CELL_SHIFT_BITS - 1:0], cell_shift};
  end

  // f * c
  reg signed [CELL_BITS + 13:0] forget_product;
  // i * g
  reg signed [27:0] input_product;
  reg signed [27:0] input_late;

  localparam EXACT_BITS =
      ((CELL_BITS + CELL_SHIFT_MOST + 14) > (CELL_POINT + 16) ?
          CELL_BITS + CELL_SHIFT_MOST + 14 :
          CELL_POINT + 16) +
      1;

  // f * c at the finest point
  reg signed [EXACT_BITS - 1:0] forget_aligned;
  // c' before rounding, CELL_POINT + 12 fraction bits
  reg signed [EXACT_BITS - 1:0] exact;
  // i * g at the finest point
  wire signed [CELL_POINT + 15:0] input_aligned = $signed({input_late, {(CELL_POINT - 12){1'b0}}});

  always @(posedge clk) begin
    forget_product <= gate_f * cell_now;
    input_product <= gate_i * gate_g;
    if (active[PRODUCT_STAGE]) begin
      forget_aligned <=
          $signed({
              {(EXACT_BITS - CELL_BITS - 14){forget_product[CELL_BITS + 13]}}, forget_product
          }) <<<
          cell_shift_line[CELL_SHIFT_BITS * PRODUCT_STAGE - CELL_SHIFT_BITS +: CELL_SHIFT_BITS];
      input_late <= input_product;
    end
    if (active[PRODUCT_STAGE + 1]) begin
      exact <=
          forget_aligned +
          $signed({
              {(EXACT_BITS - CELL_POINT - 16){input_aligned[CELL_POINT + 15]}}, input_aligned
          });
    end
  end

  // CELL_SHIFT_MOST - cell_shift: left, for the right shift behind it to be a constant
  reg [CELL_SHIFT_BITS - 1:0] back;
  reg signed [CELL_SHIFT_MOST + EXACT_BITS - 1:0] scaled;
  wire unused_rounded = &{1'b0, scaled, 1'b0};
  wire signed [EXACT_BITS - 13:0] rounded_floor =
      $signed(scaled[CELL_SHIFT_MOST + 12 +: EXACT_BITS - 12]);
  wire signed [EXACT_BITS - 12:0] rounded =
      $signed({rounded_floor[EXACT_BITS - 13], rounded_floor}) +
      $signed({{(EXACT_BITS - 12){1'b0}}, scaled[CELL_SHIFT_MOST + 11]});
  reg signed [EXACT_BITS - 12:0] rounded_late;
  // sign and the bits above the word
  wire [EXACT_BITS - CELL_BITS - 11:0] clamped_top =
      rounded_late[CELL_BITS - 1 +: EXACT_BITS - CELL_BITS - 10];
  wire signed [CELL_BITS - 1:0] clamped =
      $signed(((&clamped_top) || !(|clamped_top)) ?
          rounded_late[CELL_BITS - 1:0] :
          {rounded_late[EXACT_BITS - 12], {(CELL_BITS - 1){!rounded_late[EXACT_BITS - 12]}}});

  always @(posedge clk) begin
    if (active[PRODUCT_STAGE + 1]) begin
      back <=
          CELL_SHIFT_MOST[CELL_SHIFT_BITS - 1:0] -
          cell_shift_line[CELL_SHIFT_BITS * PRODUCT_STAGE +: CELL_SHIFT_BITS];
    end
    if (active[PRODUCT_STAGE + 2]) begin
      scaled <= $signed({{CELL_SHIFT_MOST{exact[EXACT_BITS - 1]}}, exact}) <<< back;
    end
    if (active[PRODUCT_STAGE + 3]) begin
      rounded_late <= rounded;
    end
    if (active[PRODUCT_STAGE + 4]) begin
      cell_next <= clamped;
    end
  end

  // h = sat(rnd(o * tanh(c'))); tanh reads c' rounded and saturated to the table input.

  localparam STATE_BITS =
      (CELL_BITS + CELL_SHIFT_MOST) > (CELL_POINT + 14) ?
      CELL_BITS + CELL_SHIFT_MOST :
      CELL_POINT + 14;

  // c' at the finest point
  reg signed [STATE_BITS - 1:0] state;
  wire unused_state_rounded = &{1'b0, state, 1'b0};
  wire signed [STATE_BITS - CELL_POINT + 9:0] state_rounded_floor =
      $signed(state[CELL_POINT - 10 +: STATE_BITS - CELL_POINT + 10]);
  wire signed [STATE_BITS - CELL_POINT + 10:0] state_rounded =
      $signed({state_rounded_floor[STATE_BITS - CELL_POINT + 9], state_rounded_floor}) +
      $signed({{(STATE_BITS - CELL_POINT + 10){1'b0}}, state[CELL_POINT - 11]});
  reg signed [STATE_BITS - CELL_POINT + 10:0] state_late;
  // sign and the bits above the word
  wire [STATE_BITS - CELL_POINT - 3:0] state_clamped_top =
      state_late[STATE_BITS - CELL_POINT + 10:13];
  wire signed [13:0] state_clamped =
      $signed(((&state_clamped_top) || !(|state_clamped_top)) ?
          state_late[13:0] :
          {
              state_late[STATE_BITS - CELL_POINT + 10],
              {13{!state_late[STATE_BITS - CELL_POINT + 10]}}
          });
  reg signed [13:0] u_state;

  always @(posedge clk) begin
    if (active[C_STAGE]) begin
      state <=
          $signed({{(STATE_BITS - CELL_BITS){cell_next[CELL_BITS - 1]}}, cell_next}) <<<
          cell_shift_line[CELL_SHIFT_BITS * C_STAGE - CELL_SHIFT_BITS +: CELL_SHIFT_BITS];
    end
    if (active[C_STAGE + 1]) begin
      state_late <= state_rounded;
    end
    if (active[C_STAGE + 2]) begin
      u_state <= state_clamped;
    end
  end

  wire [12:0] squashed_magnitude;
  wire squashed_negative;

  mini_activation_table #(
    .MEM_DIR    (MEM_DIR),
    .TABLE_FILE (TANH_FILE)
  ) u_squashed (
    .clk      (clk),
    .active   (active[C_TABLE_STAGE +: 4]),
    .u        (u_state),
    .y        (squashed_magnitude),
    .negative (squashed_negative)
  );

  wire signed [13:0] squashed_positive = $signed({1'b0, squashed_magnitude});
  // tanh(-u) = -tanh(u)
  wire signed [13:0] squashed_mirror = -squashed_positive;
  reg signed [13:0] squashed;

  always @(posedge clk) begin
    if (active[C_TABLE_STAGE + GATE_STAGE]) begin
      squashed <= squashed_negative ? squashed_mirror : squashed_positive;
    end
  end

  // o waits for tanh(c')
  localparam O_WAIT = MEET_STAGE - GATE_STAGE - 1;

  reg [14 * O_WAIT - 1:0] gate_o_line;

  always @(posedge clk) begin
    gate_o_line <= {gate_o_line[14 * O_WAIT - 15:0], $unsigned(gate_o)};
  end

  // o * tanh(c')
  reg signed [27:0] product;

  always @(posedge clk) begin
    product <= $signed(gate_o_line[14 * O_WAIT - 14 +: 14]) * squashed;
  end

  wire unused_hidden_rounded = &{1'b0, product, 1'b0};
  wire signed [ACT_BITS + 2:0] hidden_rounded_floor =
      $signed(product[25 - ACT_BITS +: ACT_BITS + 3]);
  wire signed [ACT_BITS + 3:0] hidden_rounded =
      $signed({hidden_rounded_floor[ACT_BITS + 2], hidden_rounded_floor}) +
      $signed({{(ACT_BITS + 3){1'b0}}, product[24 - ACT_BITS]});
  reg signed [ACT_BITS + 3:0] hidden_late;
  // sign and the bits above the word
  wire [4:0] hidden_clamped_top = hidden_late[ACT_BITS - 1 +: 5];
  wire signed [ACT_BITS - 1:0] hidden_clamped =
      $signed(((&hidden_clamped_top) || !(|hidden_clamped_top)) ?
          hidden_late[ACT_BITS - 1:0] :
          {hidden_late[ACT_BITS + 3], {(ACT_BITS - 1){!hidden_late[ACT_BITS + 3]}}});

  always @(posedge clk) begin
    if (active[MEET_STAGE + 1]) begin
      hidden_late <= hidden_rounded;
    end
    if (active[MEET_STAGE + 2]) begin
      hidden <= hidden_clamped;
    end
  end

  wire unused_active = &{1'b0, active[GATE_STAGE + 1], active[MEET_STAGE], 1'b0};

endmodule

`default_nettype wire
