// One port of the block RAM DP16KD: where in a row of four nine-bit bytes its word lies. Widths 1, 2 and 4 use eight bits
// of a byte. All combinational.
module dp16kd_port #(
    parameter WIDTH = 18,
    parameter WRITEMODE = "NORMAL"
) (
    input  [13:0] ad,
    input  [35:0] di,
    output [35:0] mask,     // bits of the row that a write sets
    output [35:0] data,     // what it sets them to
    input  [35:0] row,      // stored
    input  [35:0] written,  // bits that are being written through this port
    output [35:0] seen      // the word at the output after this access, where a write shows at all
);

    generate
        if (WRITEMODE != "NORMAL" && WRITEMODE != "WRITETHROUGH" && WRITEMODE != "READBEFOREWRITE")
            WRITEMODE_must_be_NORMAL_WRITETHROUGH_or_READBEFOREWRITE unsupported();
    endgenerate

    wire [35:0] shown = WRITEMODE == "WRITETHROUGH" ? (row & ~written) | (data & written) : row;
    wire [5:0] byte_at = 6'd9 * ad[4:3];

    generate
        case (WIDTH)
            36: begin : w36
                assign mask = {{9{ad[3]}}, {9{ad[2]}}, {9{ad[1]}}, {9{ad[0]}}};
                assign data = di;
                assign seen = shown;
            end
            18: begin : w18
                assign mask = ad[4] ? {{9{ad[1]}}, {9{ad[0]}}, 18'd0} : {18'd0, {9{ad[1]}}, {9{ad[0]}}};
                assign data = {2{di[17:0]}};
                assign seen = {18'd0, ad[4] ? shown[35:18] : shown[17:0]};
            end
            9: begin : w9
                assign mask = 36'h1ff << byte_at;
                assign data = {4{di[8:0]}};
                assign seen = (shown >> byte_at) & 36'h1ff;
            end
            4: begin : w4
                wire [5:0] at = byte_at + {3'd0, ad[2], 2'd0};
                assign mask = 36'hf << at;
                assign data = {4{1'b0, {2{di[3:0]}}}};
                assign seen = (shown >> at) & 36'hf;
            end
            2: begin : w2
                wire [5:0] at = byte_at + {3'd0, ad[2:1], 1'd0};
                assign mask = 36'h3 << at;
                assign data = {4{1'b0, {4{di[1:0]}}}};
                assign seen = (shown >> at) & 36'h3;
            end
            1: begin : w1
                wire [5:0] at = byte_at + {3'd0, ad[2:0]};
                assign mask = 36'h1 << at;
                assign data = {4{1'b0, {8{di[0]}}}};
                assign seen = (shown >> at) & 36'h1;
            end
            default: DATA_WIDTH_must_be_36_18_9_4_2_or_1 unsupported();
        endcase
    endgenerate

endmodule
