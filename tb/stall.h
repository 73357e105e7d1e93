// Random gaps and back-pressure: a coin with a given probability, the same sequence for the same seed (splitmix64); and
// pauses, in which back-pressure lasts.
#pragma once

#include <cstdint>

class Coin {
  public:
    void seed(uint64_t seed) { state_ = seed; }

    // probability: of heads, times 2^32.
    void probability(uint32_t probability) { probability_ = probability; }

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

// A window of cycles.
class Pause {
  public:
    void set(uint64_t first, uint64_t cycles) {
        first_ = first;
        end_ = first + cycles;
    }
    void clear() { end_ = 0; }
    bool operator()(uint64_t now) const { return now >= first_ && now < end_; }

  private:
    uint64_t first_ = 0, end_ = 0;
};
