// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Sums of ready halves wait in slots; a completing half fetches its slot and leaves beside it one
// cycle later. A half that is stored in one cycle can be fetched in the next.
`default_nettype none

module mini_sum_slots #(
  // Bits of the sums of a row group set
  parameter SUM_BITS = 368,
  // Row group sets whose ready half can wait
  parameter SUM_SLOTS = 1
) (
  input wire                                                  clk,
  // sums end a ready half
  input wire                                                  store,
  // sums end a completing half
  input wire                                                  complete,
  input wire  [(SUM_SLOTS > 1 ? $clog2(SUM_SLOTS) : 1) - 1:0] slot,
  input wire  [SUM_BITS - 1:0]                                sums,
  // one cycle after complete
  output wire [SUM_BITS - 1:0]                                ready_sums,
  // one cycle after complete
  output reg  [SUM_BITS - 1:0]                                complete_sums
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((SUM_BITS < 1) || (SUM_BITS > 65536)) begin : g_sum_bits_must_be_1_to_65536
      SUM_BITS_must_be_1_to_65536 parameter_error ();
    end
    if (SUM_SLOTS < 1) begin : g_sum_slots_must_be_at_least_1
      SUM_SLOTS_must_be_at_least_1 parameter_error ();
    end
  endgenerate

  mini_ram #(
    .WIDTH (SUM_BITS),
    .DEPTH (SUM_SLOTS)
  ) u_slots (
    .clk           (clk),
    .write_enable  (store),
    .write_address (slot),
    .write_data    (sums),
    .read_enable   (complete),
    .read_address  (slot),
    .read_data     (ready_sums)
  );

  always @(posedge clk) begin
    if (complete) begin
      complete_sums <= sums;
    end
  end

endmodule

`default_nettype wire
