// How long a run may go on: so many cycles without a beat on either stream, and so many in all. Cycles in which the
// harness itself holds the core up, with back-pressure or without input, do not count.
#pragma once

#include <cstdint>

class Patience {
  public:
    // Cycles without a beat.
    void limit(uint64_t cycles) { limit_ = cycles; }
    // Cycles until the next allowance.
    void allow(uint64_t cycles) { left_ = cycles; }

    void moved() { quiet_ = 0; }
    // A cycle in which the core could have gone on.
    void spend() {
        ++quiet_;
        if (left_ > 0) --left_;
    }

    bool quiet() const { return quiet_ > limit_; }
    bool spent() const { return left_ == 0; }
    uint64_t limit() const { return limit_; }

  private:
    uint64_t limit_ = 1000, quiet_ = 0, left_ = ~0ULL;
};
