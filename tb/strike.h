// A reset that comes due: so many cycles after it was armed, or after the first event of a kind since then.
#pragma once

#include <cstdint>

enum class Event : uint32_t {
    armed = 0,
    frame_in = 1,   // the last beat of an input frame, good or not, was accepted
    full = 2,       // s_axis_tready falls
    room = 3,       // s_axis_tready rises
    output = 4,     // m_axis_tvalid rises
    frame_out = 5,  // the last beat of an output frame leaves
};

class Strike {
  public:
    void arm(uint64_t now, Event event, uint32_t delay) {
        event_ = event;
        delay_ = delay;
        at_ = event == Event::armed ? now + delay : NEVER;
        armed_ = true;
    }

    void disarm() {
        at_ = NEVER;
        armed_ = false;
    }

    // An event in the cycle that ends before `now`.
    void seen(Event event, uint64_t now) {
        if (armed_ && at_ == NEVER && event == event_) at_ = now + delay_;
    }

    bool struck(uint64_t now) const { return now >= at_; }
    bool due() const { return at_ != NEVER; }

  private:
    static constexpr uint64_t NEVER = ~0ULL;
    Event event_ = Event::armed;
    uint32_t delay_ = 0;
    uint64_t at_ = NEVER;
    bool armed_ = false;
};
