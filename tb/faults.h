// What is wrong beside values. Each kind is reported once between two resets: what follows from it says nothing new.
#pragma once

#include <cstdint>

#include "records.h"

class Faults {
  public:
    explicit Faults(Writer& out) : out_(out) {}

    void report(Fault kind, uint64_t now, double expected, double got, uint32_t detail = 0) {
        const uint32_t bit = 1U << static_cast<uint32_t>(kind);
        if (reported_ & bit) return;
        reported_ |= bit;
        out_.begin(Seen::fault, 32);
        out_.put(static_cast<uint32_t>(kind));
        out_.put(detail);
        const double numbers[3] = {static_cast<double>(now), expected, got};
        out_.put(numbers, 3);
    }

    void restart() { reported_ = 0; }

  private:
    Writer& out_;
    uint32_t reported_ = 0;
};
