// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Activation memories: x and h apart, two buffers each, one copy per address stream. Every copy
// takes every write. Latency from address to operands: 3 cycles.
`default_nettype none

module mini_activation_memory #(
  // Bits of an activation
  parameter ACT_BITS = 13,
  // Activations in one operand word
  parameter TILE_COLS = 4,
  // Operand words per cycle
  parameter STREAMS = 1,
  // Bits of an activation address
  parameter ADDRESS_BITS = 4,
  // Values of x per write
  parameter STREAM_LANES = 1,
  // Values of h per write
  parameter CELL_LANES = 2,
  // Rows of the x memory, both buffers, a power of two
  parameter X_ROWS = 8,
  // Rows of the h memory, both buffers, a power of two
  parameter H_ROWS = 16,
  // Bits of an x write address
  parameter X_WRITE_BITS = 5,
  // Bits of an x read address
  parameter X_READ_BITS = 3,
  // Bits of an h write address
  parameter H_WRITE_BITS = 5,
  // Bits of an h read address
  parameter H_READ_BITS = 4
) (
  input wire                                        clk,
  input wire                                        x_write,
  // words of STREAM_LANES
  input wire [X_WRITE_BITS - 1:0]                   x_address,
  input wire [ACT_BITS * STREAM_LANES - 1:0]        x_data,
  input wire                                        h_write,
  // words of CELL_LANES
  input wire [H_WRITE_BITS - 1:0]                   h_address,
  input wire [ACT_BITS * CELL_LANES - 1:0]          h_data,
  // the addresses are valid
  input wire                                        read,
  // they are in the x memory
  input wire                                        from_input,
  // the operands read as zero
  input wire                                        zero,
  // words of TILE_COLS, [stream]
  input wire [ADDRESS_BITS * STREAMS - 1:0]         address,
  // a cycle later: columns that do not read as zero, [stream][column]
  input wire [STREAMS * TILE_COLS - 1:0]            present,
  // [stream][column]
  output reg [ACT_BITS * STREAMS * TILE_COLS - 1:0] operands
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((ACT_BITS < 4) || (ACT_BITS > 16)) begin : g_act_bits_must_be_4_to_16
      ACT_BITS_must_be_4_to_16 parameter_error ();
    end
    if (TILE_COLS < 1) begin : g_tile_cols_must_be_at_least_1
      TILE_COLS_must_be_at_least_1 parameter_error ();
    end
    if (STREAMS < 1) begin : g_streams_must_be_at_least_1
      STREAMS_must_be_at_least_1 parameter_error ();
    end
    if (ADDRESS_BITS < 1) begin : g_address_bits_must_be_at_least_1
      ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (STREAM_LANES < 1) begin : g_stream_lanes_must_be_at_least_1
      STREAM_LANES_must_be_at_least_1 parameter_error ();
    end
    if (CELL_LANES < 1) begin : g_cell_lanes_must_be_at_least_1
      CELL_LANES_must_be_at_least_1 parameter_error ();
    end
    if (X_ROWS < 2) begin : g_x_rows_must_be_at_least_2
      X_ROWS_must_be_at_least_2 parameter_error ();
    end
    if (H_ROWS < 2) begin : g_h_rows_must_be_at_least_2
      H_ROWS_must_be_at_least_2 parameter_error ();
    end
    if (X_WRITE_BITS < 1) begin : g_x_write_bits_must_be_at_least_1
      X_WRITE_BITS_must_be_at_least_1 parameter_error ();
    end
    if (X_READ_BITS < 1) begin : g_x_read_bits_must_be_at_least_1
      X_READ_BITS_must_be_at_least_1 parameter_error ();
    end
    if (H_WRITE_BITS < 1) begin : g_h_write_bits_must_be_at_least_1
      H_WRITE_BITS_must_be_at_least_1 parameter_error ();
    end
    if (H_READ_BITS < 1) begin : g_h_read_bits_must_be_at_least_1
      H_READ_BITS_must_be_at_least_1 parameter_error ();
    end
    if (ADDRESS_BITS < X_READ_BITS) begin : g_address_bits_must_be_at_least_x_read_bits
      ADDRESS_BITS_must_be_at_least_X_READ_BITS parameter_error ();
    end
    if (ADDRESS_BITS < H_READ_BITS) begin : g_address_bits_must_be_at_least_h_read_bits
      ADDRESS_BITS_must_be_at_least_H_READ_BITS parameter_error ();
    end
  endgenerate

  localparam WORD_BITS = ACT_BITS * TILE_COLS;
  // cycles from a read to the choice between x and h
  localparam CHOOSE_STAGE = 2;

  reg [CHOOSE_STAGE - 1:0] from_input_line;

  always @(posedge clk) begin
    from_input_line <= {from_input_line[0], from_input};
  end

  reg zero_line;

  always @(posedge clk) begin
    zero_line <= zero;
  end

  wire read_x = read && from_input;
  wire read_h = read && !from_input;
  wire unused_address = &{1'b0, address, 1'b0};

  genvar stream;
  generate
    for (stream = 0; stream < STREAMS; stream = stream + 1) begin : g_stream
      wire [WORD_BITS - 1:0] x_word;
      wire [WORD_BITS - 1:0] h_word;

      mini_act_memory #(
        .LANE_BITS          (ACT_BITS),
        .WRITE_LANES        (STREAM_LANES),
        .READ_LANES         (TILE_COLS),
        .ROWS               (X_ROWS),
        .WRITE_ADDRESS_BITS (X_WRITE_BITS),
        .READ_ADDRESS_BITS  (X_READ_BITS)
      ) u_x (
        .clk           (clk),
        .write_enable  (x_write),
        .write_address (x_address),
        .write_data    (x_data),
        .read_enable   (read_x),
        .read_address  (address[ADDRESS_BITS * stream +: X_READ_BITS]),
        .read_data     (x_word)
      );

      mini_act_memory #(
        .LANE_BITS          (ACT_BITS),
        .WRITE_LANES        (CELL_LANES),
        .READ_LANES         (TILE_COLS),
        .ROWS               (H_ROWS),
        .WRITE_ADDRESS_BITS (H_WRITE_BITS),
        .READ_ADDRESS_BITS  (H_READ_BITS)
      ) u_h (
        .clk           (clk),
        .write_enable  (h_write),
        .write_address (h_address),
        .write_data    (h_data),
        .read_enable   (read_h),
        .read_address  (address[ADDRESS_BITS * stream +: H_READ_BITS]),
        .read_data     (h_word)
      );

      reg [WORD_BITS - 1:0] x_late;
      reg [WORD_BITS - 1:0] h_late;
      // columns that do not read as zero
      reg [TILE_COLS - 1:0] kept;
      // what nothing has written must not meet a weight
      wire [WORD_BITS - 1:0] mask;

      genvar column;
      for (column = 0; column < TILE_COLS; column = column + 1) begin : g_column
        assign mask[ACT_BITS * column +: ACT_BITS] = {ACT_BITS{kept[column]}};
      end

      wire [WORD_BITS - 1:0] word = (from_input_line[CHOOSE_STAGE - 1] ? x_late : h_late) & mask;

      always @(posedge clk) begin
        x_late <= x_word;
        h_late <= h_word;
        kept <= present[TILE_COLS * stream +: TILE_COLS] & {TILE_COLS{!zero_line}};
        operands[WORD_BITS * stream +: WORD_BITS] <= word;
      end
    end
  endgenerate

endmodule

`default_nettype wire
