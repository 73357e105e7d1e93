// ULX3S: the serial line of its USB port, lights for a frame in the core and for a frame of the wrong length.
`default_nettype none

module ulx3s (
  input wire        clk_25mhz,
  input wire        uart_rx,
  output wire       uart_tx,
  output wire [1:0] led
);

  board_system #(
    .CLOCK_HZ(25_000_000)
  ) u_system (
    .clk(clk_25mhz), .rx(uart_rx), .tx(uart_tx), .busy(led[0]), .error(led[1])
  );

endmodule

`default_nettype wire
