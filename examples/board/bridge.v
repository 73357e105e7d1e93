// A serial line on the streams of a design. A frame is one byte, 1 for the first frame of an utterance and 0 for the
// others, and the bytes of its beats, low byte first; the answer is the bytes of the output beats. Any other first byte
// is ignored. Who sends waits for the answer before the next frame.
`default_nettype none

module bridge #(
  parameter CLOCKS_PER_BIT = 104,
  parameter X_BYTES = 2,    // of an input beat
  parameter BEATS = 64,     // of an input frame
  parameter OUT_BYTES = 4   // of an output beat
) (
  input wire                   clk,
  input wire                   rst,
  input wire                   rx,
  output wire                  tx,
  output reg  [8*X_BYTES-1:0]  s_axis_tdata,
  output reg                   s_axis_tvalid,
  input wire                   s_axis_tready,
  output wire                  s_axis_tlast,
  output wire                  s_axis_tuser,
  input wire [8*OUT_BYTES-1:0] m_axis_tdata,
  input wire                   m_axis_tvalid,
  output wire                  m_axis_tready
);

  wire [7:0] received;
  wire received_valid;
  wire tx_ready;
  reg in_frame;
  reg first;  // frame of an utterance
  reg [7:0] byte_index;
  reg [15:0] beat;  // that is being filled, or waits
  reg [8*OUT_BYTES-1:0] answer;
  reg [7:0] answer_left;  // bytes of it

  uart_rx #(
    .CLOCKS_PER_BIT(CLOCKS_PER_BIT)
  ) u_rx (
    .clk(clk), .rst(rst), .rx(rx), .data(received), .valid(received_valid)
  );

  uart_tx #(
    .CLOCKS_PER_BIT(CLOCKS_PER_BIT)
  ) u_tx (
    .clk(clk), .rst(rst), .data(answer[7:0]), .valid(answer_left != 8'd0), .ready(tx_ready), .tx(tx)
  );

  assign s_axis_tlast = beat == BEATS - 1;
  assign s_axis_tuser = first && beat == 16'd0;
  assign m_axis_tready = answer_left == 8'd0;

  always @(posedge clk) begin
    if (rst) begin
      in_frame <= 1'b0;
      s_axis_tvalid <= 1'b0;
      answer_left <= 8'd0;
    end else begin
      if (s_axis_tvalid && s_axis_tready) begin
        s_axis_tvalid <= 1'b0;
        beat <= beat + 16'd1;
        if (s_axis_tlast) in_frame <= 1'b0;
      end
      if (received_valid && !in_frame) begin
        in_frame <= received[7:1] == 7'd0;
        first <= received[0];
        byte_index <= 8'd0;
        beat <= 16'd0;
      end else if (received_valid) begin
        s_axis_tdata[8*byte_index +: 8] <= received;
        byte_index <= byte_index == X_BYTES - 1 ? 8'd0 : byte_index + 8'd1;
        if (byte_index == X_BYTES - 1) s_axis_tvalid <= 1'b1;
      end
      if (m_axis_tvalid && m_axis_tready) begin
        answer <= m_axis_tdata;
        answer_left <= OUT_BYTES;
      end else if (tx_ready && answer_left != 8'd0) begin
        answer <= answer >> 8;
        answer_left <= answer_left - 8'd1;
      end
    end
  end

endmodule

`default_nettype wire
