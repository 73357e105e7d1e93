// Collects the rows of one frame of one layer from the trace port. Rows come in any order, several lanes at a time; the
// frame is handed on when its last row is there, or incomplete when a row comes a second time first.
#pragma once

#include <cstdint>
#include <vector>

#include "records.h"

// T: type of a value; TENSORS: values of one row.
template <class T, unsigned TENSORS>
class RowFrame {
  public:
    RowFrame(Seen kind, uint32_t layer, uint32_t cells)
        : kind_(kind), layer_(layer), cells_(cells), cycle_(cells, -1), values_(TENSORS * cells) {}

    uint32_t cells() const { return cells_; }

    // Place of the values of `row`: tensor t is at [t * cells()].
    T* row(uint32_t row, uint64_t now, Writer& out) {
        if (cycle_[row] >= 0) finish(out);
        cycle_[row] = static_cast<double>(now);
        ++seen_;
        return &values_[row];
    }

    void finish_if_complete(Writer& out) {
        if (seen_ == cells_) finish(out);
    }

    void finish_if_begun(Writer& out) {
        if (seen_ > 0) finish(out);
    }

    void restart() {
        sequence_ = 0;
        clear();
    }

  private:
    void finish(Writer& out) {
        const std::size_t bytes = values_.size() * sizeof(T);
        out.begin(kind_, 16 + cells_ * sizeof(double) + bytes);
        const uint32_t head[4] = {layer_, sequence_++, cells_, cells_ - seen_};
        out.put(head, 4);
        out.put(cycle_.data(), cells_);
        out.put(values_.data(), values_.size());
        clear();
    }

    void clear() {
        seen_ = 0;
        cycle_.assign(cells_, -1);
    }

    Seen kind_;
    uint32_t layer_, cells_, sequence_ = 0, seen_ = 0;
    std::vector<double> cycle_;
    std::vector<T> values_;
};
