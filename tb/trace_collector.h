// The trace port of a core: gate sums, and the new cell and hidden state, of every LSTM layer.
#pragma once

#include <vector>

#include "Vdut.h"
#include "bits.h"
#include "design.h"
#include "row_frame.h"

class TraceCollector {
  public:
    explicit TraceCollector(Writer& out) : out_(out) {}

    void layers(const uint32_t* cells, uint32_t count) {
        sums_.clear();
        states_.clear();
        for (uint32_t layer = 0; layer < count; ++layer) {
            sums_.emplace_back(Seen::sums, layer, cells[layer]);
            states_.emplace_back(Seen::states, layer, cells[layer]);
        }
    }

    bool shows(const Vdut& dut) const { return dut.trace_sum_valid | dut.trace_cell_valid; }

    // Takes what the port shows in this cycle; false when it names a layer that does not exist.
    bool sample(Vdut& dut, uint64_t now) {
        bool known = true;
        if (dut.trace_sum_valid) known &= sample_sums(dut, now);
        if (dut.trace_cell_valid) known &= sample_states(dut, now);
        return known;
    }

    // Hands on what has come of frames that will not be completed.
    void finish() {
        for (auto& frame : sums_) frame.finish_if_begun(out_);
        for (auto& frame : states_) frame.finish_if_begun(out_);
    }

    void restart() {
        for (auto& frame : sums_) frame.restart();
        for (auto& frame : states_) frame.restart();
    }

  private:
    bool sample_sums(Vdut& dut, uint64_t now) {
        if (dut.trace_sum_layer >= sums_.size()) return false;
        auto& frame = sums_[dut.trace_sum_layer];
        const uint32_t first = dut.trace_sum_row, cells = frame.cells();
        for (uint32_t lane = 0; lane < CELL_LANES && first + lane < cells; ++lane) {
            double* row = frame.row(first + lane, now, out_);
            for (uint32_t gate = 0; gate < 4; ++gate) {
                const unsigned low = (lane * 4 + gate) * SUM_BITS;
                row[gate * cells] = static_cast<double>(signed_field(dut.trace_sum_data, low, SUM_BITS));
            }
        }
        frame.finish_if_complete(out_);
        return true;
    }

    bool sample_states(Vdut& dut, uint64_t now) {
        if (dut.trace_cell_layer >= states_.size()) return false;
        auto& frame = states_[dut.trace_cell_layer];
        const uint32_t first = dut.trace_cell_row, cells = frame.cells();
        for (uint32_t lane = 0; lane < CELL_LANES && first + lane < cells; ++lane) {
            int32_t* row = frame.row(first + lane, now, out_);
            row[0] = static_cast<int32_t>(signed_field(dut.trace_cell_c, lane * CELL_BITS, CELL_BITS));
            row[cells] =
                static_cast<int32_t>(signed_field(dut.trace_cell_h, lane * ACTIVATION_BITS, ACTIVATION_BITS));
        }
        frame.finish_if_complete(out_);
        return true;
    }

    Writer& out_;
    std::vector<RowFrame<double, 4>> sums_;
    std::vector<RowFrame<int32_t, 2>> states_;
};
