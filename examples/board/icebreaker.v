// iCEBreaker: the serial line of its USB port, lights for a frame in the core and for a frame of the wrong length.
`default_nettype none

module icebreaker (
  input wire  clk_12mhz,
  input wire  uart_rx,
  output wire uart_tx,
  output wire led_red,   // low lights it
  output wire led_green
);

  wire busy, error;
  assign led_green = !busy;
  assign led_red = !error;

  board_system #(
    .CLOCK_HZ(12_000_000)
  ) u_system (
    .clk(clk_12mhz), .rx(uart_rx), .tx(uart_tx), .busy(busy), .error(error)
  );

endmodule

`default_nettype wire
