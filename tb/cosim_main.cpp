// Co-simulation of one core: reads operations from stdin, writes what it observes to stdout, logs to stderr. Runs in the
// design directory, where the memory images are. The only argument, optional, is the file of the waveform.
#include <cstdio>

#include "bench.h"

namespace {

Writer* writer;

template <class T>
T number(const std::vector<uint8_t>& payload, std::size_t offset) {
    T value;
    std::memcpy(&value, payload.data() + offset, sizeof value);
    return value;
}

void configure(Bench& bench, const std::vector<uint8_t>& p) {
    std::vector<uint32_t> cells(number<uint32_t>(p, 24));
    std::memcpy(cells.data(), p.data() + 28, cells.size() * 4);
    bench.configure({number<uint32_t>(p, 0) != 0, number<uint64_t>(p, 16)}, number<uint32_t>(p, 4),
                    number<uint64_t>(p, 8), cells.data(), static_cast<uint32_t>(cells.size()));
}

void perform(Bench& bench, Op op, const std::vector<uint8_t>& p) {
    switch (op) {
        case Op::configure: return configure(bench, p);
        case Op::beats:
            for (std::size_t at = 0; at < p.size() && bench.alive() && !bench.struck(); at += 1 + BEAT_BYTES) {
                bench.send(p.data() + at);
            }
            return;
        case Op::idle: return bench.idle(number<uint32_t>(p, 0));
        case Op::drain: return bench.drain();
        case Op::reset: return bench.reset(number<uint32_t>(p, 0));
        case Op::status: return bench.status();
        case Op::mark: return bench.mark(number<uint32_t>(p, 0));
        default: std::fprintf(stderr, "unknown operation %u\n", static_cast<unsigned>(op)); std::_Exit(3);
    }
}

}  // namespace

int main(int argc, char** argv) {
    VerilatedContext context;
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
    while (bench.alive() && in.next(op, payload)) {
        if (op == Op::waves) {
            bench.waves().open(argc > 1 ? argv[1] : "waves.fst", number<uint64_t>(payload, 0),
                               number<uint64_t>(payload, 8));
        } else if (op == Op::resetAfter) {
            bench.strike_after(number<uint32_t>(payload, 0));
            strike_cycles = number<uint32_t>(payload, 4);
        } else if (op == Op::join) {
            bench.wait_strike();
            bench.reset(strike_cycles);
        } else if (!bench.struck()) {
            perform(bench, op, payload);
        }
    }
    bench.finish();
    bench.status();
    out.flush();
    return 0;
}
