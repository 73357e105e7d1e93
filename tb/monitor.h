// An exact model of what a core promises beside values: flags and counters in every cycle, when its streams may wait, how
// long an output frame is. It is told nothing but what moves on the streams. docs/microarchitecture.md, "Streams".
#pragma once

#include <cstdint>

#include "Vdut.h"
#include "faults.h"

class Monitor {
  public:
    struct Shape {
        uint32_t input_beats, output_beats;
        // Frames below which tready is high, and the most frames that are accepted and not yet sent.
        uint32_t input_buffers, most_inside;
    };

    explicit Monitor(Faults& faults) : faults_(faults) {}

    void shape(const Shape& shape) { shape_ = shape; }

    void reset() {
        receiving_ = error_ = false;
        beat_ = out_beat_ = inside_ = cycles_ = error_count_ = 0;
        surplus_ = 0;
    }

    uint32_t inside() const { return inside_; }
    bool idle() const { return inside_ == 0 && !receiving_; }
    // Beats came for which there was no frame, more than say anything new.
    bool flooded() const { return surplus_ > MOST_SURPLUS; }

    // One cycle, just before the rising edge. True when a frame is complete that was accepted.
    void sample(const Vdut& dut, uint64_t now, bool accepted) {
        const bool busy = !idle();
        check(Fault::busy, now, busy, dut.busy);
        check(Fault::cycles, now, cycles_, dut.cycles);
        check(Fault::error, now, error_, dut.error);
        check(Fault::error_count, now, error_count_, dut.error_count);
        if (inside_ < shape_.input_buffers) check(Fault::not_ready, now, 1, dut.s_axis_tready);
        if (dut.m_axis_tvalid) check_output(dut, now);
        cycles_ += busy;
        const bool good = accepted && take_beat(dut.s_axis_tlast);
        const bool sent = dut.m_axis_tvalid && dut.m_axis_tready && send_beat();
        inside_ = inside_ + good - sent;
        if (inside_ > shape_.most_inside) faults_.report(Fault::overfull, now, shape_.most_inside, inside_);
    }

    // A cycle with reset high, but not the first: registers are cleared by then.
    void sample_reset(const Vdut& dut, uint64_t now) {
        check(Fault::not_cleared, now, 0, dut.m_axis_tvalid | dut.busy | dut.error, 0);
        check(Fault::not_cleared, now, 0, dut.error_count, 1);
        check(Fault::not_cleared, now, 0, dut.cycles, 2);
        sample_ready(dut, now);
    }

    // Any cycle with reset high: a beat must not be thought taken.
    void sample_ready(const Vdut& dut, uint64_t now) { check(Fault::ready_in_reset, now, 0, dut.s_axis_tready); }

  private:
    static constexpr uint32_t MOST_SURPLUS = 4096;
    static constexpr uint32_t MOST_ERRORS = 65535;

    void check(Fault kind, uint64_t now, uint32_t expected, uint32_t got, uint32_t detail = 0) {
        if (expected != got) faults_.report(kind, now, expected, got, detail);
    }

    void check_output(const Vdut& dut, uint64_t now) {
        if (inside_ > 0) return check(Fault::last, now, out_beat_ + 1 == shape_.output_beats, dut.m_axis_tlast);
        ++surplus_;
        faults_.report(Fault::surplus, now, 0, 1);
    }

    // True when the beat ends a frame of the right length.
    bool take_beat(bool last) {
        const bool on_time = ++beat_ == shape_.input_beats;
        receiving_ = !last;
        if (!last) return false;
        beat_ = 0;
        if (on_time) return true;
        error_ = true;
        if (error_count_ < MOST_ERRORS) ++error_count_;
        return false;
    }

    // True when the beat ends an output frame.
    bool send_beat() {
        if (inside_ == 0 || ++out_beat_ < shape_.output_beats) return false;
        out_beat_ = 0;
        return true;
    }

    Faults& faults_;
    Shape shape_{1, 1, 1, 1};
    bool receiving_ = false, error_ = false;
    uint32_t beat_ = 0, out_beat_ = 0, inside_ = 0, cycles_ = 0, error_count_ = 0, surplus_ = 0;
};
