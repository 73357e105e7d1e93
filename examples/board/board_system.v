// A design and its serial line: what every board has between its pins. The macros DESIGN, X_BYTES, BEATS and OUT_BYTES
// say which design; the Makefile takes them from its design.json.
`default_nettype none

module board_system #(
  parameter CLOCK_HZ = 12_000_000,
  parameter BAUD = 115_200
) (
  input wire  clk,
  input wire  rx,
  output wire tx,
  output wire busy,
  output wire error
);

  // after configuration; block RAM of iCE40 is readable some microseconds later
  reg [9:0] up = 10'd0;
  wire rst = !(&up);
  always @(posedge clk) if (rst) up <= up + 10'd1;

  wire [8*`X_BYTES-1:0] x;
  wire [8*`OUT_BYTES-1:0] y;
  wire x_valid, x_ready, x_last, x_user, y_valid, y_ready, y_last;
  wire [31:0] cycles;
  wire [15:0] error_count;
  // of no use here
  wire unused = &{1'b0, y_last, cycles, error_count};

  bridge #(
    .CLOCKS_PER_BIT(CLOCK_HZ / BAUD), .X_BYTES(`X_BYTES), .BEATS(`BEATS), .OUT_BYTES(`OUT_BYTES)
  ) u_bridge (
    .clk(clk), .rst(rst), .rx(rx), .tx(tx),
    .s_axis_tdata(x), .s_axis_tvalid(x_valid), .s_axis_tready(x_ready), .s_axis_tlast(x_last),
    .s_axis_tuser(x_user), .m_axis_tdata(y), .m_axis_tvalid(y_valid), .m_axis_tready(y_ready)
  );

  `DESIGN u_design (
    .clk(clk), .rst(rst),
    .s_axis_tdata(x), .s_axis_tvalid(x_valid), .s_axis_tready(x_ready), .s_axis_tlast(x_last),
    .s_axis_tuser(x_user), .m_axis_tdata(y), .m_axis_tvalid(y_valid), .m_axis_tready(y_ready),
    .m_axis_tlast(y_last), .busy(busy), .cycles(cycles), .error(error), .error_count(error_count)
  );

endmodule

`default_nettype wire
