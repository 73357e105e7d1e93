// Yardstick for simulation speed: the least that keeps 64 MACs busy, with nothing around it. One ROM word of 64 weights of
// 6 bits and one activation address per cycle; four activations of 13 bits feed 16 rows. No gates, no streams, no trace.
`default_nettype none
module datapath64 (
    input wire clk,
    input wire rst,
    output reg signed [23:0] signature
);
    reg [383:0] weights[0:6143];
    reg [9:0] addresses[0:6143];
    reg signed [12:0] activations[0:1023];

    reg [12:0] step, step_1, step_2;
    reg [383:0] weight;
    reg [51:0] activation;
    reg signed [18:0] product[0:63];
    reg signed [23:0] sum[0:15];

    integer i;
    initial begin
        for (i = 0; i < 6144; i = i + 1) begin
            weights[i] = {12{i[31:0] * 32'h9e3779b9}};
            addresses[i] = i[9:0] ^ 10'h155;
        end
        for (i = 0; i < 1024; i = i + 1) activations[i] = i[12:0] * 13'd1237;
    end

    always @(posedge clk) begin
        step <= rst || step == 6143 ? 13'd0 : step + 13'd1;
        {step_2, step_1} <= {step_1, step};
        weight <= weights[step];
        for (i = 0; i < 4; i = i + 1) activation[13*i+:13] <= activations[addresses[step]+i[9:0]];
        for (i = 0; i < 64; i = i + 1) product[i] <= $signed(weight[6*i+:6]) * $signed(activation[13*(i%4)+:13]);
        for (i = 0; i < 16; i = i + 1)
            sum[i] <= (step_2[4:0] == 0 ? 24'sd0 : sum[i])
                + product[4*i] + product[4*i+1] + product[4*i+2] + product[4*i+3];
        if (step_2[4:0] == 0) begin
            signature = 0;
            for (i = 0; i < 16; i = i + 1) signature = signature + sum[i];
            activations[{1'b1, step_2[12:4]}] <= signature[20:8];
        end
    end
endmodule
`default_nettype wire
