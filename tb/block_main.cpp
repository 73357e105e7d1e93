// Drives one hardware block with a table of input vectors: one vector per clock cycle.
// stdin: the input ports of each cycle; stdout: the output ports of each cycle, sampled just before the rising edge.
// A port takes (width + 7) / 8 little-endian bytes. block_ports.h is generated: INPUTS(X), OUTPUTS(X), and CLOCK where
// the block has one.
#include <cstdio>
#include <memory>

#include "Vdut.h"
#include "bits.h"
#include "block_ports.h"

#define ADD_BYTES(name, width) +((width) + 7) / 8
#define LOAD(name, width) load(dut->name, at, ((width) + 7) / 8), at += ((width) + 7) / 8;
#define STORE(name, width) store(dut->name, at, ((width) + 7) / 8), at += ((width) + 7) / 8;

int main(int argc, char** argv) {
    const auto context = std::make_unique<VerilatedContext>();
    context->commandArgs(argc, argv);
    context->randReset(2);
    const auto dut = std::make_unique<Vdut>(context.get());
    uint8_t in[1 INPUTS(ADD_BYTES)], out[1 OUTPUTS(ADD_BYTES)];
    while (std::fread(in, 1, sizeof in - 1, stdin) == sizeof in - 1) {
        uint8_t* at = in;
        INPUTS(LOAD)
#ifdef CLOCK
        dut->CLOCK = 0;
#endif
        dut->eval();
        at = out;
        OUTPUTS(STORE)
        std::fwrite(out, 1, sizeof out - 1, stdout);
#ifdef CLOCK
        dut->CLOCK = 1;
        dut->eval();
#endif
        context->timeInc(1);
        if (context->gotFinish() || sizeof in == 1) break;
    }
    dut->final();
    return 0;
}
