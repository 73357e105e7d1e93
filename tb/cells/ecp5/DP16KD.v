// Block RAM of Lattice ECP5: 18 Kbit, two ports. Behavioural model for the simulation of a netlist, since Yosys ships
// only a black box. It has the modes that Yosys maps to (its ecp5/brams_map.v): a parameter or pin of any other mode is
// unknown here, so that such a netlist does not build.
//
// After Lattice FPGA-TN-02204, "ECP5 and ECP5-5G Memory User's Guide":
// - a port of width 36, 18, 9, 4, 2 or 1 has 512, 1K, 2K, 4K, 8K or 16K words, its address left-aligned in AD[13:0]; in
//   widths 36 and 18 the low address pins are the byte enables of a write;
// - width 36 is pseudo dual-port: A writes, {DIB, DIA}; B reads, {DOB, DOA} in width 36, else DOB;
// - a write shows at the port's own output as WRITEMODE says; NORMAL: the output keeps its value;
// - each of INITVAL_00 ... INITVAL_3F holds 16 words of 18 bits, 20 bits apart.
// A cell that one port reads while the other writes it is undefined in the device: it reads as the complement of the
// old contents here, so that nothing can rely on it. Both ports have to be on one clock.
module DP16KD #(
    parameter DATA_WIDTH_A = 18, DATA_WIDTH_B = 18,
    parameter REGMODE_A = "NOREG", REGMODE_B = "NOREG",
    parameter RESETMODE = "SYNC", ASYNC_RESET_RELEASE = "SYNC",
    parameter CSDECODE_A = "0b000", CSDECODE_B = "0b000",
    parameter WRITEMODE_A = "NORMAL", WRITEMODE_B = "NORMAL",
    parameter CLKAMUX = "CLKA", CLKBMUX = "CLKB",
    parameter GSR = "ENABLED",
    parameter [319:0] INITVAL_00 = 320'd0, INITVAL_01 = 320'd0, INITVAL_02 = 320'd0, INITVAL_03 = 320'd0,
    INITVAL_04 = 320'd0, INITVAL_05 = 320'd0, INITVAL_06 = 320'd0, INITVAL_07 = 320'd0, INITVAL_08 = 320'd0,
    INITVAL_09 = 320'd0, INITVAL_0A = 320'd0, INITVAL_0B = 320'd0, INITVAL_0C = 320'd0, INITVAL_0D = 320'd0,
    INITVAL_0E = 320'd0, INITVAL_0F = 320'd0, INITVAL_10 = 320'd0, INITVAL_11 = 320'd0, INITVAL_12 = 320'd0,
    INITVAL_13 = 320'd0, INITVAL_14 = 320'd0, INITVAL_15 = 320'd0, INITVAL_16 = 320'd0, INITVAL_17 = 320'd0,
    INITVAL_18 = 320'd0, INITVAL_19 = 320'd0, INITVAL_1A = 320'd0, INITVAL_1B = 320'd0, INITVAL_1C = 320'd0,
    INITVAL_1D = 320'd0, INITVAL_1E = 320'd0, INITVAL_1F = 320'd0, INITVAL_20 = 320'd0, INITVAL_21 = 320'd0,
    INITVAL_22 = 320'd0, INITVAL_23 = 320'd0, INITVAL_24 = 320'd0, INITVAL_25 = 320'd0, INITVAL_26 = 320'd0,
    INITVAL_27 = 320'd0, INITVAL_28 = 320'd0, INITVAL_29 = 320'd0, INITVAL_2A = 320'd0, INITVAL_2B = 320'd0,
    INITVAL_2C = 320'd0, INITVAL_2D = 320'd0, INITVAL_2E = 320'd0, INITVAL_2F = 320'd0, INITVAL_30 = 320'd0,
    INITVAL_31 = 320'd0, INITVAL_32 = 320'd0, INITVAL_33 = 320'd0, INITVAL_34 = 320'd0, INITVAL_35 = 320'd0,
    INITVAL_36 = 320'd0, INITVAL_37 = 320'd0, INITVAL_38 = 320'd0, INITVAL_39 = 320'd0, INITVAL_3A = 320'd0,
    INITVAL_3B = 320'd0, INITVAL_3C = 320'd0, INITVAL_3D = 320'd0, INITVAL_3E = 320'd0, INITVAL_3F = 320'd0
) (
    input DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2,
    DIA1, DIA0,
    input ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0,
    input CEA, OCEA, CLKA, WEA, RSTA, CSA2, CSA1, CSA0,
    output DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2,
    DOA1, DOA0,

    input DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2,
    DIB1, DIB0,
    input ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0,
    input CEB, OCEB, CLKB, WEB, RSTB, CSB2, CSB1, CSB0,
    output DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2,
    DOB1, DOB0
);

    localparam PSEUDO = DATA_WIDTH_A == 36;
    localparam SYNC = RESETMODE == "SYNC";
    // a constant, which costs no stack: as variables of their initial blocks, the contents of some blocks overflow it
    localparam [20479:0] INIT = {
        INITVAL_3F, INITVAL_3E, INITVAL_3D, INITVAL_3C, INITVAL_3B, INITVAL_3A, INITVAL_39, INITVAL_38, INITVAL_37,
        INITVAL_36, INITVAL_35, INITVAL_34, INITVAL_33, INITVAL_32, INITVAL_31, INITVAL_30, INITVAL_2F, INITVAL_2E,
        INITVAL_2D, INITVAL_2C, INITVAL_2B, INITVAL_2A, INITVAL_29, INITVAL_28, INITVAL_27, INITVAL_26, INITVAL_25,
        INITVAL_24, INITVAL_23, INITVAL_22, INITVAL_21, INITVAL_20, INITVAL_1F, INITVAL_1E, INITVAL_1D, INITVAL_1C,
        INITVAL_1B, INITVAL_1A, INITVAL_19, INITVAL_18, INITVAL_17, INITVAL_16, INITVAL_15, INITVAL_14, INITVAL_13,
        INITVAL_12, INITVAL_11, INITVAL_10, INITVAL_0F, INITVAL_0E, INITVAL_0D, INITVAL_0C, INITVAL_0B, INITVAL_0A,
        INITVAL_09, INITVAL_08, INITVAL_07, INITVAL_06, INITVAL_05, INITVAL_04, INITVAL_03, INITVAL_02, INITVAL_01,
        INITVAL_00
    };

    generate
        if (REGMODE_A != "NOREG" || REGMODE_B != "NOREG") REGMODE_must_be_NOREG unsupported();
        if (!SYNC && RESETMODE != "ASYNC") RESETMODE_must_be_SYNC_or_ASYNC unsupported();
        if (ASYNC_RESET_RELEASE != RESETMODE) ASYNC_RESET_RELEASE_must_be_RESETMODE unsupported();
        if (CSDECODE_A != "0b000" || CSDECODE_B != "0b000") CSDECODE_must_be_0b000 unsupported();
        if (DATA_WIDTH_B == 36 && !PSEUDO) DATA_WIDTH_A_must_be_36_where_DATA_WIDTH_B_is unsupported();
    endgenerate

    // 512 rows of four bytes of nine bits
    reg [35:0] rows [0:511];
    integer row;
    initial
        for (row = 0; row < 512; row = row + 1)
            rows[row] = {INIT[40 * row + 20 +: 18], INIT[40 * row +: 18]};

    wire [13:0] ad_a = {ADA13, ADA12, ADA11, ADA10, ADA9, ADA8, ADA7, ADA6, ADA5, ADA4, ADA3, ADA2, ADA1, ADA0};
    wire [13:0] ad_b = {ADB13, ADB12, ADB11, ADB10, ADB9, ADB8, ADB7, ADB6, ADB5, ADB4, ADB3, ADB2, ADB1, ADB0};
    wire [17:0] di_a = {
        DIA17, DIA16, DIA15, DIA14, DIA13, DIA12, DIA11, DIA10, DIA9, DIA8, DIA7, DIA6, DIA5, DIA4, DIA3, DIA2,
        DIA1, DIA0
    };
    wire [17:0] di_b = {
        DIB17, DIB16, DIB15, DIB14, DIB13, DIB12, DIB11, DIB10, DIB9, DIB8, DIB7, DIB6, DIB5, DIB4, DIB3, DIB2,
        DIB1, DIB0
    };

    wire [35:0] mask_a, mask_b, data_a, data_b, seen_a, seen_b;
    wire on_a = CEA && {CSA2, CSA1, CSA0} == 3'b000;
    wire on_b = CEB && {CSB2, CSB1, CSB0} == 3'b000;
    wire write_a = on_a && WEA && !(SYNC && RSTA);
    wire write_b = on_b && WEB && !(SYNC && RSTB) && !PSEUDO;
    wire same_row = ad_a[13:5] == ad_b[13:5];
    wire [35:0] written_a = write_a ? mask_a : 36'd0;
    wire [35:0] written_b = write_b ? mask_b : 36'd0;
    // the stored row as a port sees it, with what the other one is writing
    wire [35:0] row_a = rows[ad_a[13:5]] ^ (same_row ? written_b : 36'd0);
    wire [35:0] row_b = rows[ad_b[13:5]] ^ (same_row ? written_a : 36'd0);

    dp16kd_port #(.WIDTH(DATA_WIDTH_A), .WRITEMODE(WRITEMODE_A)) port_a (
        .ad(ad_a), .di({di_b, di_a}), .mask(mask_a), .data(data_a), .row(row_a), .written(written_a), .seen(seen_a)
    );
    dp16kd_port #(.WIDTH(DATA_WIDTH_B), .WRITEMODE(WRITEMODE_B)) port_b (
        .ad(ad_b), .di({18'd0, di_b}), .mask(mask_b), .data(data_b), .row(row_b), .written(written_b), .seen(seen_b)
    );

    // a row that both ports write: the bits of both, bits of both at once undefined
    wire [35:0] also_a = same_row ? written_b : 36'd0;
    wire [35:0] also_b = same_row ? written_a : 36'd0;
    wire [35:0] next_a = (row_a & ~mask_a & ~also_a) | (data_a & mask_a & ~also_a) | (data_b & also_a & ~mask_a)
        | (row_a & also_a & mask_a);
    wire [35:0] next_b = (row_b & ~mask_b & ~also_b) | (data_b & mask_b & ~also_b) | (data_a & also_b & ~mask_b)
        | (row_b & also_b & mask_b);

    wire clk_a = CLKAMUX == "INV" ? ~CLKA : CLKA;
    wire clk_b = CLKBMUX == "INV" ? ~CLKB : CLKB;
    wire clear_a = !SYNC && RSTA;
    wire clear_b = !SYNC && RSTB;
    reg [35:0] out_a = 36'd0;
    reg [35:0] out_b = 36'd0;

    always @(posedge clk_a) if (write_a) rows[ad_a[13:5]] <= next_a;
    always @(posedge clk_b) if (write_b) rows[ad_b[13:5]] <= next_b;

    always @(posedge clk_a, posedge clear_a)
        if (clear_a) out_a <= 36'd0;
        else if (RSTA) out_a <= 36'd0;
        else if (on_a && !PSEUDO && (!write_a || WRITEMODE_A != "NORMAL")) out_a <= seen_a;

    always @(posedge clk_b, posedge clear_b)
        if (clear_b) out_b <= 36'd0;
        else if (RSTB) out_b <= 36'd0;
        else if (on_b && (!write_b || WRITEMODE_B != "NORMAL")) out_b <= seen_b;

    assign {
        DOA17, DOA16, DOA15, DOA14, DOA13, DOA12, DOA11, DOA10, DOA9, DOA8, DOA7, DOA6, DOA5, DOA4, DOA3, DOA2,
        DOA1, DOA0
    } = DATA_WIDTH_B == 36 ? out_b[17:0] : out_a[17:0];
    assign {
        DOB17, DOB16, DOB15, DOB14, DOB13, DOB12, DOB11, DOB10, DOB9, DOB8, DOB7, DOB6, DOB5, DOB4, DOB3, DOB2,
        DOB1, DOB0
    } = DATA_WIDTH_B == 36 ? out_b[35:18] : out_b[17:0];

endmodule
