// The output stream: gathers the beats of a frame, and sees that a beat that has to wait stays as it is.
#pragma once

#include <vector>

#include "Vdut.h"
#include "bits.h"
#include "design.h"
#include "faults.h"

class OutputFrames {
  public:
    OutputFrames(Writer& out, Faults& faults) : out_(out), faults_(faults) {}

    void restart() {
        values_.clear();
        sequence_ = 0;
        waiting_ = false;
    }

    // One cycle, just before the rising edge.
    void sample(const Vdut& dut, uint64_t now) {
        if (waiting_) check_waiting(dut, now);
        if (!dut.m_axis_tvalid) return;
        if (dut.m_axis_tready) return take(dut, now);
        if (waiting_) return;
        waiting_ = true;
        last_ = dut.m_axis_tlast;
        marks_ = output_marks(dut);
        store(dut.m_axis_tdata, data_, OUT_BEAT_BYTES);
    }

  private:
    void check_waiting(const Vdut& dut, uint64_t now) {
        uint8_t data[OUT_BEAT_BYTES];
        store(dut.m_axis_tdata, data, OUT_BEAT_BYTES);
        const bool flags = dut.m_axis_tlast == last_ && output_marks(dut) == marks_;
        const bool same = dut.m_axis_tvalid && flags && std::memcmp(data, data_, OUT_BEAT_BYTES) == 0;
        if (!same) faults_.report(Fault::unstable, now, 1, dut.m_axis_tvalid);
        if (!same || dut.m_axis_tready) waiting_ = false;
    }

    void take(const Vdut& dut, uint64_t now) {
        for (unsigned lane = 0; lane < STREAM_LANES; ++lane) {
            values_.push_back(static_cast<double>(signed_field(dut.m_axis_tdata, lane * OUT_BITS, OUT_BITS)));
        }
        if (!dut.m_axis_tlast) return;
        out_.begin(Seen::output, 16 + values_.size() * sizeof(double));
        out_.put(sequence_++);
        out_.put(static_cast<uint32_t>(values_.size()) | output_stream(dut) << STREAM_SHIFT);
        out_.put(static_cast<double>(now));
        out_.put(values_.data(), values_.size());
        values_.clear();
    }

    Writer& out_;
    Faults& faults_;
    std::vector<double> values_;
    uint32_t sequence_ = 0;
    bool waiting_ = false;
    uint8_t last_ = 0;
    uint32_t marks_ = 0;
    uint8_t data_[OUT_BEAT_BYTES] = {};
};
