// Sends bytes, 8N1, low bit first.
`default_nettype none

module uart_tx #(
  parameter CLOCKS_PER_BIT = 104
) (
  input wire       clk,
  input wire       rst,
  input wire [7:0] data,
  input wire       valid,
  output wire      ready,
  output wire      tx
);

  localparam [31:0] BIT = CLOCKS_PER_BIT - 1;

  reg [9:0] shift;  // start bit, byte, stop bit
  reg [15:0] wait_clocks;
  reg [3:0] bits_left;

  assign ready = bits_left == 4'd0;
  assign tx = ready | shift[0];

  always @(posedge clk) begin
    if (rst) begin
      bits_left <= 4'd0;
    end else if (ready) begin
      if (valid) begin
        shift <= {1'b1, data, 1'b0};
        bits_left <= 4'd10;
        wait_clocks <= BIT[15:0];
      end
    end else if (wait_clocks != 16'd0) begin
      wait_clocks <= wait_clocks - 16'd1;
    end else begin
      shift <= {1'b1, shift[9:1]};
      bits_left <= bits_left - 4'd1;
      wait_clocks <= BIT[15:0];
    end
  end

endmodule

`default_nettype wire
