// A stand-in for a core: the ports of one, and arithmetic simple enough to be repeated in a few lines of TypeScript.
// Layer l, row r, gate g: s = in[r mod n] * (g + 1) + h'[r] + r - 3g, n = inputs of the layer, h' = h of the frame before;
// c = s_0 mod 2^16, h = s_1 mod 2^13; outputs o: 3 * h_last[o mod cells] + o.
// mem/fault.mem: kind, frame, layer, row. Kinds: 0 none, 1 wrong sum, 2 wrong h, 3 dropped frame, 4 hang, 5 wrong output,
// 6 untraced row, 7 unstable output, 8 cycle counter off, 9 traced layer out of range, 10 surplus frame, 11 late frame,
// 12 traces for ever, 13 output without an end, 14 state outlives reset, 15 error_count outlives reset, 16 error_count wraps,
// 17 ready in reset, 18 tuser counts on later beats, 19 tuser of a wrong frame is lost, 20 late after a reset in operation,
// 21 an unused input lane counts, 22 tlast a beat early, 23 busy a cycle too long, 24 garbage in an unused output lane,
// 25 the second beat too many is not noticed, 26 a frame in hand outlives reset,
// 27 tlast a beat late.
`default_nettype none
module mock_core #(
    parameter INPUTS = 5,
    parameter CELLS0 = 5,
    parameter CELLS1 = 3,
    parameter OUTPUTS = 3
) (
    input wire clk,
    input wire rst,
    input wire [31:0] s_axis_tdata,
    input wire s_axis_tvalid,
    output wire s_axis_tready,
    input wire s_axis_tlast,
    input wire s_axis_tuser,
    output reg [63:0] m_axis_tdata,
    output wire m_axis_tvalid,
    input wire m_axis_tready,
    output wire m_axis_tlast,
    output reg busy,
    output reg [31:0] cycles,
    output reg error,
    output reg [15:0] error_count,
    output wire trace_sum_valid,
    output wire [1:0] trace_sum_layer,
    output wire [3:0] trace_sum_row,
    output reg [2*4*24-1:0] trace_sum_data,
    output wire trace_cell_valid,
    output wire [1:0] trace_cell_layer,
    output wire [3:0] trace_cell_row,
    output reg [2*16-1:0] trace_cell_c,
    output reg [2*13-1:0] trace_cell_h
);
    localparam RECEIVE = 0, COMPUTE = 1, SEND = 2, HANG = 3, PAUSE = 4;
    reg [15:0] fault[0:3];
    initial $readmemh("mem/fault.mem", fault);
    initial error_count = 0;

    reg [2:0] state;
    reg [3:0] beat, row;
    reg layer, zero, pending, toggle, second, late;
    reg [15:0] frame;
    reg signed [15:0] x[0:31];
    reg signed [12:0] h[0:63];
    wire here = fault[1] == frame;
    wire [3:0] cells = layer ? CELLS1 : CELLS0;
    wire [3:0] beats_in = (INPUTS + 1) / 2, beats_out = (OUTPUTS + 1) / 2;

    assign s_axis_tready = state == RECEIVE && (!rst || fault[0] == 17);
    assign m_axis_tvalid = state == SEND && !(fault[0] == 7 && toggle);
    assign m_axis_tlast = beat == (fault[0] == 22 ? 0 : beats_out - 1 + (fault[0] == 27 && here)) && !(fault[0] == 13 && here);
    assign trace_sum_valid = state == COMPUTE && !late && !(fault[0] == 6 && here && layer == fault[2][0] && row == fault[3][3:0]);
    assign trace_sum_layer = fault[0] == 9 && here ? 3 : {1'b0, layer};
    assign trace_sum_row = row;
    assign trace_cell_valid = trace_sum_valid;
    assign trace_cell_layer = {1'b0, layer};
    assign trace_cell_row = row;

    integer lane, gate, r, value;
    always @* begin
        trace_sum_data = 0;
        trace_cell_c = 0;
        trace_cell_h = 0;
        for (lane = 0; lane < 2; lane = lane + 1) begin
            r = row + lane;
            for (gate = 0; gate < 4; gate = gate + 1) begin
                value = (layer ? h[r % CELLS0] : x[r % INPUTS]) * (gate + 1) + (zero ? 0 : h[32 * layer + r]) + r - 3 * gate;
                // The state of layer 0 is read by layer 1, so that of the frame before lies 16 higher.
                if (!layer) value = (fault[0] == 21 ? x[INPUTS] : 0) + x[r % INPUTS] * (gate + 1) + (zero ? 0 : h[16 + r]) + r - 3 * gate;
                if (gate == 0) trace_cell_c[16 * lane +: 16] = value[15:0];
                if (gate == 1) trace_cell_h[13 * lane +: 13] = value[12:0]
                    ^ (fault[0] == 2 && here && layer == fault[2][0] && r == fault[3]);
                trace_sum_data[24 * (4 * lane + gate) +: 24] = value[23:0]
                    + (fault[0] == 1 && here && layer == fault[2][0] && r == fault[3] && gate == 2);
            end
        end
        m_axis_tdata = 0;
        for (lane = 0; lane < 2; lane = lane + 1) begin
            r = 2 * beat + lane;
            value = 3 * h[32 + r % CELLS1] + r;
            if (fault[0] == 5 && here && r == fault[3]) value = value + 1;
            if (r < OUTPUTS || fault[0] == 24) m_axis_tdata[32 * lane +: 32] = value;
        end
    end

    wire accept = s_axis_tvalid && s_axis_tready;
    always @(posedge clk) begin
        toggle <= fault[0] == 7 && !toggle;
        if (busy) cycles <= cycles + (fault[0] == 8 ? 2 : 1);
        if (accept) busy <= 1;
        case (state)
            RECEIVE: if (accept) begin
                if (beat < beats_in) {x[2 * beat + 1], x[2 * beat]} <= s_axis_tdata;
                beat <= beat == 15 ? 15 : beat + 1;
                pending <= pending | ((beat == 0 || fault[0] == 18) && s_axis_tuser);
                if (s_axis_tlast) begin
                    beat <= 0;
                    row <= 0;
                    if (beat == beats_in - 1 || (fault[0] == 25 && beat == beats_in)) begin
                        zero <= pending | ((beat == 0 || fault[0] == 18) && s_axis_tuser);
                        pending <= 0;
                        layer <= 0;
                        state <= here && fault[0] == 4 ? HANG : here && fault[0] == 3 ? PAUSE : COMPUTE;
                        if (here && fault[0] == 3) begin busy <= 0; frame <= frame + 1; end
                    end else begin
                        error <= 1;
                        error_count <= error_count + (!(&error_count) || fault[0] == 16);
                        if (fault[0] == 19) pending <= 0;
                        busy <= 0;
                    end
                end
            end
            COMPUTE: if (late) late <= 0; else begin
                for (lane = 0; lane < 2; lane = lane + 1)
                    if (row + lane < cells) h[(layer ? 32 : 0) + row + lane] <= trace_cell_h[13 * lane +: 13];
                row <= row + 2;
                if (row + 2 >= cells) begin
                    row <= 0;
                    layer <= 1;
                    if (layer) state <= fault[0] == 12 && here ? COMPUTE : SEND;
                end
            end
            SEND: if (m_axis_tvalid && m_axis_tready) begin
                beat <= beat + 1;
                if (m_axis_tlast) begin
                    beat <= 0;
                    second <= !second;
                    for (lane = 0; lane < 16; lane = lane + 1) h[16 + lane] <= h[lane];
                    if (!(fault[0] == 10 && here && !second)) begin
                        frame <= frame + 1;
                        busy <= fault[0] == 23;
                        second <= 0;
                        state <= fault[0] == 11 || fault[0] == 23 ? PAUSE : RECEIVE;
                    end
                end
            end
            PAUSE: begin state <= RECEIVE; busy <= 0; end
            default: ;
        endcase
        if (rst) begin
            state <= fault[0] == 26 && state == SEND ? SEND : RECEIVE;
            {beat, row, layer, frame, cycles, busy, error, toggle, second} <= 0;
            if (fault[0] != 15) error_count <= 0;
            pending <= fault[0] != 14;
            late <= fault[0] == 20 && state == COMPUTE;
        end
    end
endmodule
`default_nettype wire
