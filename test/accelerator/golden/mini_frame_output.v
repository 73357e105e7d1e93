// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Output buffer to stream: frames leave whole, in order, one beat per cycle while m_axis_tready is
// high. Values are sign-extended to LANE_BITS; unused lanes of the last beat are zero.
`default_nettype none

module mini_frame_output #(
  // Bits of an output value
  parameter VALUE_BITS = 25,
  // Bits of a value on the stream: whole bytes
  parameter LANE_BITS = 32,
  // Values per write
  parameter WRITE_LANES = 8,
  // Values per beat
  parameter STREAM_LANES = 1,
  // Rows of both buffers, of max(WRITE_LANES, STREAM_LANES)
  parameter ROWS = 2,
  // Most beats of a frame
  parameter BEATS = 5,
  // Words of WRITE_LANES in one buffer
  parameter WRITE_WORDS = 1,
  // Words of STREAM_LANES in one buffer
  parameter READ_WORDS = 8,
  // Bits of a write address
  parameter WRITE_ADDRESS_BITS = 1,
  // Bits of a read address
  parameter READ_ADDRESS_BITS = 4
) (
  input wire                                          clk,
  input wire                                          rst,
  // beats of a frame, less one
  input wire  [(BEATS > 1 ? $clog2(BEATS) : 1) - 1:0] last_beat,
  // lanes in use in the last beat
  input wire  [STREAM_LANES - 1:0]                    last_lanes,
  input wire                                          write_enable,
  // last write of a frame
  input wire                                          write_end,
  // lane 0 low
  input wire  [VALUE_BITS * WRITE_LANES - 1:0]        write_data,
  // lane 0 low
  output wire [LANE_BITS * STREAM_LANES - 1:0]        m_axis_tdata,
  output wire                                         m_axis_tvalid,
  input wire                                          m_axis_tready,
  // last beat of a frame
  output wire                                         m_axis_tlast,
  // the last beat of a frame leaves
  output wire                                         taken
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((VALUE_BITS < 1) || (VALUE_BITS > 64)) begin : g_value_bits_must_be_1_to_64
      VALUE_BITS_must_be_1_to_64 parameter_error ();
    end
    if (LANE_BITS < 1) begin : g_lane_bits_must_be_at_least_1
      LANE_BITS_must_be_at_least_1 parameter_error ();
    end
    if (WRITE_LANES < 1) begin : g_write_lanes_must_be_at_least_1
      WRITE_LANES_must_be_at_least_1 parameter_error ();
    end
    if (STREAM_LANES < 1) begin : g_stream_lanes_must_be_at_least_1
      STREAM_LANES_must_be_at_least_1 parameter_error ();
    end
    if (ROWS < 2) begin : g_rows_must_be_at_least_2
      ROWS_must_be_at_least_2 parameter_error ();
    end
    if (BEATS < 1) begin : g_beats_must_be_at_least_1
      BEATS_must_be_at_least_1 parameter_error ();
    end
    if (WRITE_WORDS < 1) begin : g_write_words_must_be_at_least_1
      WRITE_WORDS_must_be_at_least_1 parameter_error ();
    end
    if (READ_WORDS < 1) begin : g_read_words_must_be_at_least_1
      READ_WORDS_must_be_at_least_1 parameter_error ();
    end
    if (WRITE_ADDRESS_BITS < 1) begin : g_write_address_bits_must_be_at_least_1
      WRITE_ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (READ_ADDRESS_BITS < 1) begin : g_read_address_bits_must_be_at_least_1
      READ_ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (
        (ROWS * (STREAM_LANES > WRITE_LANES ? STREAM_LANES : WRITE_LANES)) <
        (2 * WRITE_LANES * WRITE_WORDS)
    ) begin : g_rows_must_hold_both_buffers_of_write_words
      ROWS_must_hold_both_buffers_of_WRITE_WORDS parameter_error ();
    end
    if (
        (ROWS * (STREAM_LANES > WRITE_LANES ? STREAM_LANES : WRITE_LANES)) <
        (2 * READ_WORDS * STREAM_LANES)
    ) begin : g_rows_must_hold_both_buffers_of_read_words
      ROWS_must_hold_both_buffers_of_READ_WORDS parameter_error ();
    end
    if (LANE_BITS < VALUE_BITS) begin : g_lane_bits_must_be_at_least_value_bits
      LANE_BITS_must_be_at_least_VALUE_BITS parameter_error ();
    end
    if (READ_WORDS < BEATS) begin : g_read_words_must_be_at_least_beats
      READ_WORDS_must_be_at_least_BEATS parameter_error ();
    end
    if (
        WRITE_ADDRESS_BITS < $clog2(2 * WRITE_WORDS)
    ) begin : g_write_address_bits_must_reach_both_buffers
      WRITE_ADDRESS_BITS_must_reach_both_buffers parameter_error ();
    end
    if (
        READ_ADDRESS_BITS < $clog2(2 * READ_WORDS)
    ) begin : g_read_address_bits_must_reach_both_buffers
      READ_ADDRESS_BITS_must_reach_both_buffers parameter_error ();
    end
  endgenerate

  localparam PLACE_BITS = BEATS > 1 ? $clog2(BEATS) : 1;
  localparam BEAT_BITS = STREAM_LANES * VALUE_BITS;

  // Write side: the words of a frame come in order. Words beyond the buffer are dropped: only
  // padding comes there.

  // the upper buffer is being written
  reg write_upper;
  // word within the buffer
  reg [WRITE_ADDRESS_BITS - 1:0] write_word;
  wire full = write_word == WRITE_WORDS[WRITE_ADDRESS_BITS - 1:0];
  // whole frames in the buffers
  reg [1:0] frames_ready;

  always @(posedge clk) begin
    if (rst) begin
      write_upper <= 1'b0;
      write_word <= {WRITE_ADDRESS_BITS{1'b0}};
    end else if (write_end) begin
      write_upper <= !write_upper;
      write_word <= {WRITE_ADDRESS_BITS{1'b0}};
    end else if (write_enable && !full) begin
      write_word <= write_word + 1'b1;
    end
  end

  // Read side: a beat is asked for when the queue is sure to have room for it.

  // the upper buffer is being read
  reg read_upper;
  reg [PLACE_BITS - 1:0] read_beat;
  // a beat is on its way from the buffer
  reg asked;
  reg asked_last;
  // beats in the queue
  reg [2:0] count;
  wire room = ({{2{1'b0}}, asked} + count) < 3'd4;
  wire ask = (frames_ready != 2'd0) && room;
  wire ask_last = read_beat == last_beat;
  wire frame_read = ask && ask_last;
  wire leave = m_axis_tvalid && m_axis_tready;

  always @(posedge clk) begin
    if (rst) begin
      read_upper <= 1'b0;
      read_beat <= {PLACE_BITS{1'b0}};
      asked <= 1'b0;
      frames_ready <= 2'd0;
    end else begin
      asked <= ask;
      if (ask) begin
        read_beat <= ask_last ? {PLACE_BITS{1'b0}} : read_beat + 1'b1;
        if (ask_last) begin
          read_upper <= !read_upper;
        end
      end
      if (write_end && !frame_read) begin
        frames_ready <= frames_ready + 2'd1;
      end else if (frame_read && !write_end) begin
        frames_ready <= frames_ready - 2'd1;
      end
    end
    asked_last <= ask_last;
  end

  wire [BEAT_BITS - 1:0] data;
  wire [WRITE_ADDRESS_BITS - 1:0] write_address =
      write_word +
      (write_upper ? WRITE_WORDS[WRITE_ADDRESS_BITS - 1:0] : {WRITE_ADDRESS_BITS{1'b0}});
  wire [READ_ADDRESS_BITS - 1:0] read_address =
      {{(READ_ADDRESS_BITS - PLACE_BITS){1'b0}}, read_beat} +
      (read_upper ? READ_WORDS[READ_ADDRESS_BITS - 1:0] : {READ_ADDRESS_BITS{1'b0}});

  mini_act_memory #(
    .LANE_BITS          (VALUE_BITS),
    .WRITE_LANES        (WRITE_LANES),
    .READ_LANES         (STREAM_LANES),
    .ROWS               (ROWS),
    .WRITE_ADDRESS_BITS (WRITE_ADDRESS_BITS),
    .READ_ADDRESS_BITS  (READ_ADDRESS_BITS)
  ) u_memory (
    .clk           (clk),
    .write_enable  (write_enable && !full),
    .write_address (write_address),
    .write_data    (write_data),
    .read_enable   (ask),
    .read_address  (read_address),
    .read_data     (data)
  );

  // Queue of beats.

  // last, beat
  reg [BEAT_BITS:0] queue[0:3];

  integer queue_index;
  initial begin
    for (queue_index = 0; queue_index < 4; queue_index = queue_index + 1) begin
      queue[queue_index] = {(BEAT_BITS + 1){1'b0}};
    end
  end

  // oldest beat
  reg [1:0] head;
  // free place
  reg [1:0] tail;

  always @(posedge clk) begin
    if (rst) begin
      head <= 2'd0;
      tail <= 2'd0;
      count <= 3'd0;
    end else begin
      if (asked) begin
        tail <= tail + 2'd1;
      end
      if (leave) begin
        head <= head + 2'd1;
      end
      if (asked && !leave) begin
        count <= count + 3'd1;
      end else if (leave && !asked) begin
        count <= count - 3'd1;
      end
    end
    if (asked) begin
      queue[tail] <= {asked_last, data};
    end
  end

  assign m_axis_tvalid = count != 3'd0;
  wire [BEAT_BITS:0] oldest = queue[head];
  assign m_axis_tlast = oldest[BEAT_BITS];
  assign taken = leave && m_axis_tlast;

  genvar lane;
  generate
    for (lane = 0; lane < STREAM_LANES; lane = lane + 1) begin : g_lane
      wire signed [VALUE_BITS - 1:0] value = $signed(oldest[VALUE_BITS * lane +: VALUE_BITS]);
      wire used = !m_axis_tlast || last_lanes[lane];
      assign m_axis_tdata[LANE_BITS * lane +: LANE_BITS] =
          {LANE_BITS{used}} & {{(LANE_BITS - VALUE_BITS){value[VALUE_BITS - 1]}}, value};
    end
  endgenerate

endmodule

`default_nettype wire
