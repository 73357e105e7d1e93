// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Banked memory of LANE_BITS wide lanes, written WRITE_LANES and read READ_LANES at a time (powers
// of two). A row holds as many lanes as the wider of the two; the narrower one selects banks.
// Latency: one cycle, plus the bank multiplexer.
`default_nettype none

module mini_act_memory #(
  // Bits of one lane
  parameter LANE_BITS = 13,
  // Lanes per write, a power of two
  parameter WRITE_LANES = 1,
  // Lanes per read, a power of two
  parameter READ_LANES = 4,
  // Rows of max(WRITE_LANES, READ_LANES) lanes
  parameter ROWS = 2,
  // clog2 of the words of WRITE_LANES: follows from the above
  parameter WRITE_ADDRESS_BITS = 3,
  // clog2 of the words of READ_LANES: follows from the above
  parameter READ_ADDRESS_BITS = 1
) (
  input wire                                  clk,
  input wire                                  write_enable,
  input wire  [WRITE_ADDRESS_BITS - 1:0]      write_address, // in words of WRITE_LANES
  input wire  [LANE_BITS * WRITE_LANES - 1:0] write_data,    // lane 0 low
  input wire                                  read_enable,
  input wire  [READ_ADDRESS_BITS - 1:0]       read_address,  // in words of READ_LANES
  output wire [LANE_BITS * READ_LANES - 1:0]  read_data      // lane 0 low
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if (LANE_BITS < 1) begin : g_lane_bits_must_be_at_least_1
      LANE_BITS_must_be_at_least_1 parameter_error ();
    end
    if (WRITE_LANES < 1) begin : g_write_lanes_must_be_at_least_1
      WRITE_LANES_must_be_at_least_1 parameter_error ();
    end
    if (READ_LANES < 1) begin : g_read_lanes_must_be_at_least_1
      READ_LANES_must_be_at_least_1 parameter_error ();
    end
    if (ROWS < 2) begin : g_rows_must_be_at_least_2
      ROWS_must_be_at_least_2 parameter_error ();
    end
    if (WRITE_ADDRESS_BITS < 1) begin : g_write_address_bits_must_be_at_least_1
      WRITE_ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (READ_ADDRESS_BITS < 1) begin : g_read_address_bits_must_be_at_least_1
      READ_ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (WRITE_LANES != (1 << $clog2(WRITE_LANES))) begin : g_write_lanes_must_be_a_power_of_two
      WRITE_LANES_must_be_a_power_of_two parameter_error ();
    end
    if (READ_LANES != (1 << $clog2(READ_LANES))) begin : g_read_lanes_must_be_a_power_of_two
      READ_LANES_must_be_a_power_of_two parameter_error ();
    end
    if (
        WRITE_ADDRESS_BITS <
        $clog2(ROWS * (READ_LANES > WRITE_LANES ? READ_LANES : WRITE_LANES) / WRITE_LANES)
    ) begin : g_write_address_bits_must_reach_every_word
      WRITE_ADDRESS_BITS_must_reach_every_word parameter_error ();
    end
    if (
        READ_ADDRESS_BITS <
        $clog2(ROWS * (READ_LANES > WRITE_LANES ? READ_LANES : WRITE_LANES) / READ_LANES)
    ) begin : g_read_address_bits_must_reach_every_word
      READ_ADDRESS_BITS_must_reach_every_word parameter_error ();
    end
  endgenerate

  localparam ROW_BITS = ROWS > 1 ? $clog2(ROWS) : 1;

  generate
    if (WRITE_LANES == READ_LANES) begin : g_same
      mini_ram #(
        .WIDTH (LANE_BITS * READ_LANES),
        .DEPTH (ROWS)
      ) u_ram (
        .clk           (clk),
        .write_enable  (write_enable),
        .write_address (write_address[ROW_BITS - 1:0]),
        .write_data    (write_data[LANE_BITS * READ_LANES - 1:0]),
        .read_enable   (read_enable),
        .read_address  (read_address[ROW_BITS - 1:0]),
        .read_data     (read_data)
      );
    end else begin : g_unequal
      if (WRITE_LANES > READ_LANES) begin : g_wide_write
        localparam BANKS = WRITE_LANES / READ_LANES;
        localparam BANK_BITS = LANE_BITS * READ_LANES;
        localparam SELECT_BITS = $clog2(BANKS);

        // bank of the word being read
        reg [SELECT_BITS - 1:0] bank_select;

        always @(posedge clk) begin
          if (read_enable) begin
            bank_select <= read_address[SELECT_BITS - 1:0];
          end
        end

        genvar bank;
        for (bank = 0; bank < BANKS; bank = bank + 1) begin : g_bank
          wire [BANK_BITS - 1:0] word;

          mini_ram #(
            .WIDTH (BANK_BITS),
            .DEPTH (ROWS)
          ) u_ram (
            .clk           (clk),
            .write_enable  (write_enable),
            .write_address (write_address[ROW_BITS - 1:0]),
            .write_data    (write_data[BANK_BITS * bank +: BANK_BITS]),
            .read_enable   (read_enable),
            .read_address  (read_address[SELECT_BITS +: ROW_BITS]),
            .read_data     (word)
          );

          wire [BANK_BITS - 1:0] gated = {BANK_BITS{bank_select == bank}} & word;
          // OR of the terms up to this one
          wire [BANK_BITS - 1:0] chosen;

          if (bank == 0) begin : g_first
            assign chosen = gated;
          end else begin : g_next
            assign chosen = g_bank[bank - 1].chosen | gated;
          end
        end

        assign read_data = g_bank[BANKS - 1].chosen;
      end else begin : g_wide_read
        localparam BANKS = READ_LANES / WRITE_LANES;
        localparam BANK_BITS = LANE_BITS * WRITE_LANES;
        localparam SELECT_BITS = $clog2(BANKS);

        wire [SELECT_BITS - 1:0] bank_select = write_address[SELECT_BITS - 1:0];

        genvar bank;
        for (bank = 0; bank < BANKS; bank = bank + 1) begin : g_bank
          mini_ram #(
            .WIDTH (BANK_BITS),
            .DEPTH (ROWS)
          ) u_ram (
            .clk           (clk),
            .write_enable  (write_enable && (bank_select == bank)),
            .write_address (write_address[SELECT_BITS +: ROW_BITS]),
            .write_data    (write_data),
            .read_enable   (read_enable),
            .read_address  (read_address[ROW_BITS - 1:0]),
            .read_data     (read_data[BANK_BITS * bank +: BANK_BITS])
          );
        end
      end
    end
  endgenerate

endmodule

`default_nettype wire
