// Yardstick for simulation speed: a minimal 64-MAC datapath, with nothing around it. One wide word per memory and cycle
// holds 64 weights of 6 bits, 64 offsets of 4 bits and 8 block numbers; each MAC reads its own activation of 13 bits, has
// one product register and one accumulator. No gates, no state, no streams, no trace.
`default_nettype none
module datapath64 (
    input wire clk,
    input wire rst,
    output reg signed [23:0] signature
);
    reg [383:0] weights[0:6143];
    reg [255:0] offsets[0:6143];
    reg [47:0] blocks[0:6143];
    reg signed [12:0] activations[0:1023];

    reg [12:0] step;
    reg first;
    reg signed [18:0] product[0:63];
    reg signed [23:0] sum[0:63];

    wire [383:0] weight = weights[step];
    wire [255:0] offset = offsets[step];
    wire [47:0] block = blocks[step];

    integer i;
    initial begin
        for (i = 0; i < 6144; i = i + 1) begin
            weights[i] = {12{i[31:0] * 32'h9e3779b9}};
            offsets[i] = {8{i[31:0] * 32'h85ebca6b}};
            blocks[i] = {3{i[15:0]}};
        end
        for (i = 0; i < 1024; i = i + 1) activations[i] = i[12:0] * 13'd1237;
    end

    always @(posedge clk) begin
        step <= rst || step == 6143 ? 13'd0 : step + 13'd1;
        first <= step[4:0] == 0;
        for (i = 0; i < 64; i = i + 1) begin
            product[i] <= $signed(weight[6*i+:6]) * $signed(activations[{block[6*(i/8)+:6], offset[4*i+:4]}]);
            sum[i] <= (first ? 24'sd0 : sum[i]) + product[i];
        end
        if (first) begin
            signature = 0;
            for (i = 0; i < 64; i = i + 1) signature = signature + sum[i];
        end
    end
endmodule
`default_nettype wire
