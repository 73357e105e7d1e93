// Multiplier of Lattice ECP5: 18 x 18 bits, each operand signed or unsigned. Behavioural model for the simulation of a
// netlist, since Yosys ships only a black box. It has two modes, without cascades: combinational, which Yosys maps to
// (its ecp5/dsp_map.v), and with the output register, which flow/ecp5_multipliers.v of a design asks for. The parameters
// and pins of the other modes are unknown here, so that a netlist that uses them does not build.
//
// After Lattice FPGA-TN-02205, "ECP5 and ECP5-5G sysDSP Usage Guide": SIGNEDA and SIGNEDB say how A and B are read;
// SOURCEA and SOURCEB low take the operands from the pins; the output register takes the product where its clock enable
// is high, and zero where its synchronous reset is.
module MULT18X18D #(
    parameter REG_OUTPUT_CLK = "NONE", REG_OUTPUT_CE = "CE0", REG_OUTPUT_RST = "RST0",
    parameter RESETMODE = "SYNC"
) (
    input CLK0, CE0, RST0,
    input A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0,
    input B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0,
    input C17, C16, C15, C14, C13, C12, C11, C10, C9, C8, C7, C6, C5, C4, C3, C2, C1, C0,
    input SIGNEDA, SIGNEDB, SOURCEA, SOURCEB,
    output P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17, P16, P15, P14,
    P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0
);

    wire [17:0] a = {
        A17, A16, A15, A14, A13, A12, A11, A10, A9, A8, A7, A6, A5, A4, A3, A2, A1, A0
    };
    wire [17:0] b = {
        B17, B16, B15, B14, B13, B12, B11, B10, B9, B8, B7, B6, B5, B4, B3, B2, B1, B0
    };
    wire signed [36:0] wide_a = {{19{SIGNEDA & a[17]}}, a};
    wire signed [36:0] wide_b = {{19{SIGNEDB & b[17]}}, b};
    wire signed [36:0] product = wide_a * wide_b;

    generate
        if (REG_OUTPUT_CLK != "NONE" && REG_OUTPUT_CLK != "CLK0") REG_OUTPUT_CLK_must_be_NONE_or_CLK0 unsupported();
        if (REG_OUTPUT_CE != "CE0") REG_OUTPUT_CE_must_be_CE0 unsupported();
        if (REG_OUTPUT_RST != "RST0") REG_OUTPUT_RST_must_be_RST0 unsupported();
        if (RESETMODE != "SYNC") RESETMODE_must_be_SYNC unsupported();
    endgenerate

    reg [35:0] late = 36'd0;
    always @(posedge CLK0)
        if (RST0) late <= 36'd0;
        else if (CE0) late <= product[35:0];

    assign {
        P35, P34, P33, P32, P31, P30, P29, P28, P27, P26, P25, P24, P23, P22, P21, P20, P19, P18, P17, P16, P15,
        P14, P13, P12, P11, P10, P9, P8, P7, P6, P5, P4, P3, P2, P1, P0
    } = REG_OUTPUT_CLK == "NONE" ? product[35:0] : late;

    always @(*)
        if (SOURCEA || SOURCEB) $fatal(1, "MULT18X18D: operands from the cascade are not modelled");

endmodule
