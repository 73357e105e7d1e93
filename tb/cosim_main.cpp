// Co-simulation of one core: reads operations from stdin, writes what it observes to stdout, logs to stderr. Runs in the
// design directory, where the memory images are. Arguments: seed of the start values of registers, file of the waveform, or of
// the coverage where the build counts it.
#include <cstdio>

#include "accesses.h"
#include "bench.h"

#if VM_COVERAGE
#include <verilated_cov.h>
#endif

namespace {

Writer* writer;

template <class T>
T number(const std::vector<uint8_t>& payload, std::size_t offset) {
    T value;
    std::memcpy(&value, payload.data() + offset, sizeof value);
    return value;
}

void configure(Bench& bench, const std::vector<uint8_t>& p) {
    const auto at = [&p](unsigned index) { return number<uint32_t>(p, 4 * index); };
    std::vector<uint32_t> rows(at(6));
    std::memcpy(rows.data(), p.data() + 48, rows.size() * 4);
    bench.configure(at(0) != 0, {at(1), at(2), at(3), at(4), at(5)}, number<uint64_t>(p, 32), number<uint64_t>(p, 40));
    bench.layers(rows.data(), static_cast<uint32_t>(rows.size()));
}

void perform(Bench& bench, Op op, const std::vector<uint8_t>& p) {
    const auto at = [&p](unsigned index) { return number<uint32_t>(p, 4 * index); };
    switch (op) {
        case Op::configure: return configure(bench, p);
        case Op::beats:
            for (std::size_t from = 0; from < p.size() && bench.alive() && !bench.struck(); from += 1 + BEAT_BYTES) {
                bench.send(p.data() + from);
            }
            return;
        case Op::idle: return bench.idle(at(0));
        case Op::drain: return bench.drain();
        case Op::reset: return bench.reset(at(0), at(1) != 0);
        case Op::status: return bench.status();
        case Op::mark: return bench.mark(at(0));
        case Op::stall: return bench.stall(at(0), at(1));
        case Op::pause: return bench.pause(at(0), at(1));
        case Op::load: return bench.image(p);
        case Op::model: return bench.model(at(0), at(1));
        case Op::accesses: return Accesses::tell(*writer);
        case Op::allow: return bench.allow(number<uint64_t>(p, 0));
        default: std::fprintf(stderr, "unknown operation %u\n", static_cast<unsigned>(op)); std::_Exit(3);
    }
}

}  // namespace

int main(int argc, char** argv) {
    VerilatedContext context;
    // Registers that nothing sets start at random, the same for the same seed.
    context.randReset(2);
    context.randSeed(argc > 1 ? std::atoi(argv[1]) : 1);
#if VM_TRACE_FST
    context.traceEverOn(true);
#endif
    Writer out;
    writer = &out;
    Reader in([] { writer->flush(); });
    Bench bench(context, out);
    Op op;
    std::vector<uint8_t> payload;
    uint32_t strike_cycles = 0;
    bool strike_offer = false;
    while (bench.alive() && in.next(op, payload)) {
        if (op == Op::waves) {
            bench.waves().open(argc > 2 ? argv[2] : "waves.fst", number<uint64_t>(payload, 0),
                               number<uint64_t>(payload, 8));
        } else if (op == Op::reset_after) {
            bench.strike_after(static_cast<Event>(number<uint32_t>(payload, 0)), number<uint32_t>(payload, 4));
            strike_cycles = number<uint32_t>(payload, 8);
            strike_offer = number<uint32_t>(payload, 12) != 0;
        } else if (op == Op::join) {
            bench.wait_strike();
            bench.reset(strike_cycles, strike_offer);
        } else if (!bench.struck()) {
            perform(bench, op, payload);
        }
    }
    bench.finish();
    bench.status();
    out.flush();
#if VM_COVERAGE
    if (argc > 2) context.coveragep()->write(argv[2]);
#endif
    return 0;
}
