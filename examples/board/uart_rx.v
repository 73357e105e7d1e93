// Receives bytes, 8N1, low bit first.
`default_nettype none

module uart_rx #(
  parameter CLOCKS_PER_BIT = 104
) (
  input wire       clk,
  input wire       rst,
  input wire       rx,
  output reg [7:0] data,
  output reg       valid  // one cycle for each byte
);

  localparam [31:0] BIT = CLOCKS_PER_BIT - 1;
  // from the edge of the start bit to the middle of the first bit
  localparam [31:0] START = BIT + CLOCKS_PER_BIT / 2;

  reg [2:0] level;  // the line, in step with the clock
  reg [15:0] wait_clocks;
  reg [3:0] bits_left;  // stop bit included; 0: the line is idle

  always @(posedge clk) begin
    level <= {level[1:0], rx};
    valid <= 1'b0;
    if (rst) begin
      bits_left <= 4'd0;
      level <= 3'b111;
    end else if (bits_left == 4'd0) begin
      if (level[2:1] == 2'b10) begin
        bits_left <= 4'd9;
        wait_clocks <= START[15:0];
      end
    end else if (wait_clocks != 16'd0) begin
      wait_clocks <= wait_clocks - 16'd1;
    end else begin
      bits_left <= bits_left - 4'd1;
      wait_clocks <= BIT[15:0];
      if (bits_left == 4'd1) valid <= level[1];  // a byte without its stop bit is none
      else data <= {level[1], data[7:1]};
    end
  end

endmodule

`default_nettype wire
