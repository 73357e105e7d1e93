// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// busy is high from the cycle after the first accepted beat of a frame until the last output beat
// has left; cycles counts them. A frame that is discarded makes busy while it comes in.
`default_nettype none

module mini_busy_counter (
  input wire         clk,
  input wire         rst,
  input wire         receiving, // a frame has begun and not ended
  input wire         committed, // a frame was accepted
  input wire         sent,      // an output frame has left
  output wire        busy,
  output reg  [31:0] cycles     // busy cycles since reset
);

  // frames accepted and not yet sent
  reg [2:0] frames_inside;
  assign busy = receiving || (frames_inside != 3'd0);

  always @(posedge clk) begin
    if (rst) begin
      frames_inside <= 3'd0;
      cycles <= 32'd0;
    end else begin
      if (committed && !sent) begin
        frames_inside <= frames_inside + 3'd1;
      end else if (sent && !committed) begin
        frames_inside <= frames_inside - 3'd1;
      end
      if (busy) begin
        cycles <= cycles + 32'd1;
      end
    end
  end

endmodule

`default_nettype wire
