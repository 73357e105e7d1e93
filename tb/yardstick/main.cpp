// Clocks the yardstick datapath for a number of cycles (first argument) and prints cycles per second of processor time.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>

#include "Vdut.h"

int main(int argc, char** argv) {
    const long cycles = argc > 1 ? std::atol(argv[1]) : 2000000;
    const auto context = std::make_unique<VerilatedContext>();
    const auto dut = std::make_unique<Vdut>(context.get());
    const std::clock_t start = std::clock();
    for (long cycle = 0; cycle < cycles; ++cycle) {
        dut->rst = cycle < 4;
        dut->clk = 0;
        dut->eval();
        dut->clk = 1;
        dut->eval();
    }
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("%.0f\n", static_cast<double>(cycles) / seconds);
    std::fprintf(stderr, "signature %u\n", dut->signature);
    return 0;
}
