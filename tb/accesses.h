// Reads and writes of each port of the memory macros, counted where the build has counters bound to their models
// (templates/cosim_accesses.v.hbs); without, there is none to tell of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "records.h"

struct Accesses {
    std::string path;
    uint32_t port;
    uint64_t reads, writes;

    static std::vector<Accesses>& all() {
        static std::vector<Accesses> counted;
        return counted;
    }

    static void tell(Writer& out) {
        for (const Accesses& one : all()) {
            const std::size_t length = (one.path.size() + 7) / 8 * 8;
            std::string path = one.path;
            path.resize(length, '\0');
            out.begin(Seen::accesses, 24 + length);
            out.put(one.port);
            out.put(static_cast<uint32_t>(one.path.size()));
            out.put(static_cast<double>(one.reads));
            out.put(static_cast<double>(one.writes));
            out.put(path.data(), length);
        }
    }
};

// Called by the counters: a number for a port of a macro, and what that port does in a cycle.
extern "C" int hcgs_counted_port(const char* path, int port) {
    Accesses::all().push_back({path, static_cast<uint32_t>(port), 0, 0});
    return static_cast<int>(Accesses::all().size()) - 1;
}

extern "C" void hcgs_access(int counted, int reads, int writes) {
    Accesses& one = Accesses::all()[static_cast<std::size_t>(counted)];
    one.reads += static_cast<uint64_t>(reads);
    one.writes += static_cast<uint64_t>(writes);
}
