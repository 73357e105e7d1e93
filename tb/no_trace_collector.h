// Stands for trace_collector.h where there is no trace port: at the top of a netlist.
#pragma once

#include <cstdint>

#include "Vdut.h"
#include "records.h"

class TraceCollector {
  public:
    explicit TraceCollector(Writer&) {}
    void layers(const uint32_t*, uint32_t) {}
    bool shows(const Vdut&) const { return false; }
    bool sample(Vdut&, uint64_t) { return false; }
    void finish() {}
    void restart() {}
};
