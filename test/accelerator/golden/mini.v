// SPDX-License-Identifier: 0BSD
// Written by hcgs. Do not edit: generate the design again.

// Sparse recurrent accelerator. Frames come in on s_axis, one output frame leaves on m_axis for
// each of them.
`default_nettype none

module mini #(
  // 1: the trace ports show sums, c and h, for co-simulation; 0: they are zero, without a register
  parameter TRACE = 0,
  // Folder of the memory images, with its / at the end; empty: the working directory
  parameter MEM_DIR = "mem/"
) (
  input wire         clk,
  input wire         rst,           // synchronous, active high
  input wire  [15:0] s_axis_tdata,  // values, lane 0 low
  input wire         s_axis_tvalid,
  output wire        s_axis_tready,
  input wire         s_axis_tlast,  // last beat of a frame
  input wire         s_axis_tuser,  // first beat of an utterance
  output wire [31:0] m_axis_tdata,  // values, lane 0 low
  output wire        m_axis_tvalid,
  input wire         m_axis_tready,
  output wire        m_axis_tlast,  // last beat of a frame
  output wire        busy,          // from the first beat in to the last beat out
  output wire [31:0] cycles,        // busy cycles since reset
  output wire        error,         // a frame of the wrong length came; sticky
  output wire [15:0] error_count    // how many
);

  // Out of range, elaboration stops at a module that does not exist.
  generate
    if ((TRACE < 0) || (TRACE > 1)) begin : g_trace_must_be_0_to_1
      TRACE_must_be_0_to_1 parameter_error ();
    end
  endgenerate

  wire trace_sum_valid;
  wire [1:0] trace_sum_layer;
  wire [4:0] trace_sum_row;
  wire [199:0] trace_sum_data;
  wire trace_cell_valid;
  wire [1:0] trace_cell_layer;
  wire [4:0] trace_cell_row;
  wire [31:0] trace_cell_c;
  wire [25:0] trace_cell_h;

  mini_core #(
    .TRACE   (TRACE),
    .MEM_DIR (MEM_DIR)
  ) u_core (
    .clk              (clk),
    .rst              (rst),
    .s_axis_tdata     (s_axis_tdata),
    .s_axis_tvalid    (s_axis_tvalid),
    .s_axis_tready    (s_axis_tready),
    .s_axis_tlast     (s_axis_tlast),
    .s_axis_tuser     (s_axis_tuser),
    .m_axis_tdata     (m_axis_tdata),
    .m_axis_tvalid    (m_axis_tvalid),
    .m_axis_tready    (m_axis_tready),
    .m_axis_tlast     (m_axis_tlast),
    .busy             (busy),
    .cycles           (cycles),
    .error            (error),
    .error_count      (error_count),
    .trace_sum_valid  (trace_sum_valid),
    .trace_sum_layer  (trace_sum_layer),
    .trace_sum_row    (trace_sum_row),
    .trace_sum_data   (trace_sum_data),
    .trace_cell_valid (trace_cell_valid),
    .trace_cell_layer (trace_cell_layer),
    .trace_cell_row   (trace_cell_row),
    .trace_cell_c     (trace_cell_c),
    .trace_cell_h     (trace_cell_h)
  );

  wire unused_trace =
      &{
          1'b0, trace_sum_valid, trace_sum_layer, trace_sum_row, trace_sum_data, trace_cell_valid,
          trace_cell_layer, trace_cell_row, trace_cell_c, trace_cell_h, 1'b0
      };

endmodule

`default_nettype wire
