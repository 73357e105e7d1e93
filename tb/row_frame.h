// Collects the rows of one frame of one layer from the trace port. Rows come in any order, several lanes at a time; the
// frame is handed on when its last row is there, or incomplete when a row comes a second time first.
#pragma once

#include <cstdint>
#include <vector>

#include "records.h"

// Record: what is shown together of a row, as design.h has it.
template <class Record>
class RowFrame {
  public:
    using Value = typename Record::Value;

    RowFrame(uint32_t layer, uint32_t rows)
        : layer_(layer), rows_(rows), cycle_(rows, -1), values_(padded(rows), 0) {}

    uint32_t rows() const { return rows_; }

    // Place of the values of `row`: value v is at [v * rows()].
    Value* row(uint32_t row, uint32_t stream, uint64_t now, Writer& out) {
        if (cycle_[row] >= 0) finish(out);
        cycle_[row] = static_cast<double>(now);
        ++seen_;
        stream_ = stream;
        return &values_[row];
    }

    void finish_if_complete(Writer& out) {
        if (seen_ == rows_) finish(out);
    }

    void finish_if_begun(Writer& out) {
        if (seen_ > 0) finish(out);
    }

    void restart() {
        sequence_ = 0;
        clear();
    }

  private:
    // Values of a frame, filled up to a multiple of 8 bytes.
    static std::size_t padded(std::size_t rows) {
        const std::size_t count = Record::VALUES * rows, unit = 8 / sizeof(Value);
        return (count + unit - 1) / unit * unit;
    }

    void finish(Writer& out) {
        const uint32_t head[8] = {Record::NUMBER, layer_, sequence_++, rows_, rows_ - seen_,
                                  sizeof(Value), Record::VALUES, stream_};
        out.begin(Seen::rows, sizeof head + rows_ * sizeof(double) + values_.size() * sizeof(Value));
        out.put(head, 8);
        out.put(cycle_.data(), rows_);
        out.put(values_.data(), values_.size());
        clear();
    }

    void clear() {
        seen_ = 0;
        cycle_.assign(rows_, -1);
    }

    uint32_t layer_, rows_, sequence_ = 0, seen_ = 0, stream_ = 0;
    std::vector<double> cycle_;
    std::vector<Value> values_;
};
