// Waveform of a window of cycles. Compiles to nothing in the build without waveforms.
#pragma once

#include <memory>
#include <string>

#include "Vdut.h"
#if VM_TRACE_FST
#include "verilated_fst_c.h"
#endif

class Waves {
  public:
#if VM_TRACE_FST
    explicit Waves(Vdut& dut) : dut_(dut) {}

    // Cycles first ... last go to `file`.
    void open(const std::string& file, uint64_t first, uint64_t last) {
        dut_.trace(&fst_, 99);
        fst_.open(file.c_str());
        first_ = first;
        last_ = last;
    }

    void dump(uint64_t cycle, unsigned half) {
        if (cycle >= first_ && cycle <= last_) fst_.dump(2 * cycle + half);
    }

    // True once the window has passed: the rest of the run is of no use.
    bool over(uint64_t cycle) const { return first_ <= last_ && cycle > last_; }

    void close() {
        if (first_ <= last_) fst_.close();
    }

  private:
    Vdut& dut_;
    VerilatedFstC fst_;
    uint64_t first_ = 1, last_ = 0;
#else
    explicit Waves(Vdut&) {}
    void open(const std::string&, uint64_t, uint64_t) {}
    void dump(uint64_t, unsigned) {}
    bool over(uint64_t) const { return false; }
    void close() {}
#endif
};
