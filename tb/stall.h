// Random gaps and back-pressure: a coin with a given probability, the same sequence for the same seed (splitmix64).
#pragma once

#include <cstdint>

class Stall {
  public:
    // probability: of heads, times 2^32.
    void configure(uint32_t probability, uint64_t seed) {
        probability_ = probability;
        state_ = seed;
    }

    bool operator()() {
        if (probability_ == 0) return false;
        uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return static_cast<uint32_t>((z ^ (z >> 31)) >> 32) < probability_;
    }

  private:
    uint32_t probability_ = 0;
    uint64_t state_ = 0;
};
