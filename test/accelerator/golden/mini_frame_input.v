// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Input stream to x memory, two buffers. A frame is committed when its last beat is the one
// expected; a frame of another length is discarded up to its tlast, counted, and leaves no trace
// but its pending tuser.
`default_nettype none

module mini_frame_input #(
  // Bits of a value
  parameter ACT_BITS = 13,
  // Bits of a value on the stream: ACT_BITS in whole bytes
  parameter LANE_BITS = 16,
  // Values per beat
  parameter STREAM_LANES = 1,
  // Most beats of a frame
  parameter BEATS = 16,
  // Words of STREAM_LANES in one x buffer
  parameter BUFFER_WORDS = 16,
  // Bits of an x write address
  parameter ADDRESS_BITS = 5
) (
  input wire                                          clk,
  input wire                                          rst,
  // beats of a frame, less one
  input wire  [(BEATS > 1 ? $clog2(BEATS) : 1) - 1:0] last_beat,
  // lane 0 low
  input wire  [LANE_BITS * STREAM_LANES - 1:0]        s_axis_tdata,
  input wire                                          s_axis_tvalid,
  output wire                                         s_axis_tready,
  // last beat of a frame
  input wire                                          s_axis_tlast,
  // first beat of an utterance
  input wire                                          s_axis_tuser,
  output wire                                         write_enable,
  output wire [ADDRESS_BITS - 1:0]                    write_address,
  output wire [ACT_BITS * STREAM_LANES - 1:0]         write_data,
  // a whole frame waits
  output wire                                         frame_ready,
  // it starts an utterance
  output wire                                         frame_restart,
  // it is taken
  input wire                                          frame_start,
  // the oldest buffer is read no more
  input wire                                          freed,
  // a frame was accepted
  output wire                                         committed,
  // a frame has begun and not ended
  output reg                                          receiving,
  // a frame of the wrong length came; sticky
  output reg                                          error,
  // how many, stops at the top
  output reg  [15:0]                                  error_count
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((ACT_BITS < 4) || (ACT_BITS > 16)) begin : g_act_bits_must_be_4_to_16
      ACT_BITS_must_be_4_to_16 parameter_error ();
    end
    if (LANE_BITS < 1) begin : g_lane_bits_must_be_at_least_1
      LANE_BITS_must_be_at_least_1 parameter_error ();
    end
    if (STREAM_LANES < 1) begin : g_stream_lanes_must_be_at_least_1
      STREAM_LANES_must_be_at_least_1 parameter_error ();
    end
    if (BEATS < 1) begin : g_beats_must_be_at_least_1
      BEATS_must_be_at_least_1 parameter_error ();
    end
    if (BUFFER_WORDS < 1) begin : g_buffer_words_must_be_at_least_1
      BUFFER_WORDS_must_be_at_least_1 parameter_error ();
    end
    if (ADDRESS_BITS < 1) begin : g_address_bits_must_be_at_least_1
      ADDRESS_BITS_must_be_at_least_1 parameter_error ();
    end
    if (LANE_BITS < ACT_BITS) begin : g_lane_bits_must_be_at_least_act_bits
      LANE_BITS_must_be_at_least_ACT_BITS parameter_error ();
    end
    if (BUFFER_WORDS < BEATS) begin : g_buffer_words_must_be_at_least_beats
      BUFFER_WORDS_must_be_at_least_BEATS parameter_error ();
    end
    if (ADDRESS_BITS < $clog2(2 * BUFFER_WORDS)) begin : g_address_bits_must_reach_both_buffers
      ADDRESS_BITS_must_reach_both_buffers parameter_error ();
    end
  endgenerate

  localparam BEAT_BITS = BEATS > 1 ? $clog2(BEATS) : 1;

  reg [BEAT_BITS - 1:0] beat;
  // the frame is longer than expected
  reg overrun;
  // the next good frame starts an utterance
  reg pending;
  // the upper buffer is being written
  reg write_upper;
  // per buffer: its frame starts an utterance
  reg [1:0] restarts;
  // buffer of the next frame to start
  reg oldest;
  // committed frames not yet started
  reg [1:0] waiting;
  // committed frames whose buffer is in use
  reg [1:0] held;
  assign s_axis_tready = (held != 2'd2) && !rst;
  wire accept = s_axis_tvalid && s_axis_tready;
  wire first = !receiving;
  wire on_time = (beat == last_beat) && !overrun;
  wire good = accept && s_axis_tlast && on_time;
  wire bad = accept && s_axis_tlast && !on_time;
  wire restart = pending || (first && s_axis_tuser);
  assign committed = good;
  assign frame_ready = waiting != 2'd0;
  assign frame_restart = oldest ? restarts[1] : restarts[0];

  always @(posedge clk) begin
    if (rst) begin
      beat <= {BEAT_BITS{1'b0}};
      overrun <= 1'b0;
      pending <= 1'b1;
      write_upper <= 1'b0;
      restarts <= 2'd0;
      receiving <= 1'b0;
    end else begin
      if (accept) begin
        receiving <= !s_axis_tlast;
        pending <= restart && !good;
        if (s_axis_tlast) begin
          beat <= {BEAT_BITS{1'b0}};
          overrun <= 1'b0;
        end else if (beat == last_beat) begin
          overrun <= 1'b1;
        end else begin
          beat <= beat + 1'b1;
        end
      end
      if (good) begin
        write_upper <= !write_upper;
        if (write_upper) begin
          restarts[1] <= restart;
        end else begin
          restarts[0] <= restart;
        end
      end
    end
  end

  // Committed frames.
  always @(posedge clk) begin
    if (rst) begin
      oldest <= 1'b0;
      waiting <= 2'd0;
      held <= 2'd0;
    end else begin
      if (frame_start) begin
        oldest <= !oldest;
      end
      if (good && !frame_start) begin
        waiting <= waiting + 2'd1;
      end else if (frame_start && !good) begin
        waiting <= waiting - 2'd1;
      end
      if (good && !freed) begin
        held <= held + 2'd1;
      end else if (freed && !good) begin
        held <= held - 2'd1;
      end
    end
  end

  // Frames of the wrong length.
  always @(posedge clk) begin
    if (rst) begin
      error <= 1'b0;
      error_count <= 16'd0;
    end else if (bad) begin
      error <= 1'b1;
      if (!(&error_count)) begin
        error_count <= error_count + 16'd1;
      end
    end
  end

  assign write_enable = accept && !overrun;
  assign write_address =
      (write_upper ? BUFFER_WORDS[ADDRESS_BITS - 1:0] : {ADDRESS_BITS{1'b0}}) +
      {{(ADDRESS_BITS - BEAT_BITS){1'b0}}, beat};
  wire unused_sign_bits = &{1'b0, s_axis_tdata, 1'b0};

  genvar lane;
  generate
    for (lane = 0; lane < STREAM_LANES; lane = lane + 1) begin : g_lane
      assign write_data[ACT_BITS * lane +: ACT_BITS] = s_axis_tdata[LANE_BITS * lane +: ACT_BITS];
    end
  endgenerate

endmodule

`default_nettype wire
