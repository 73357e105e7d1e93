// The trace port of a core: the records that design.h describes, of every layer. Where there is none, as at the top of a
// netlist, nothing is shown.
#pragma once

#include <tuple>
#include <vector>

#include "Vdut.h"
#include "design.h"
#include "row_frame.h"

// One record of the layers that it shows.
template <class Record>
class RecordCollector {
  public:
    void layers(const uint32_t* rows, uint32_t count) {
        frames_.clear();
        for (uint32_t n = 0; n < Record::LAYERS && Record::FIRST_LAYER + n < count; ++n) {
            frames_.emplace_back(Record::FIRST_LAYER + n, rows[Record::FIRST_LAYER + n]);
        }
    }

    // Takes what the port shows in this cycle; false when it names a layer that does not exist.
    bool sample(const Vdut& dut, uint64_t now, Writer& out) {
        if (!Record::valid(dut)) return true;
        if (Record::layer(dut) >= frames_.size()) return false;
        auto& frame = frames_[Record::layer(dut)];
        const uint32_t first = Record::row(dut), rows = frame.rows();
        for (uint32_t lane = 0; lane < Record::LANES && first + lane < rows; ++lane) {
            Record::read(dut, lane, frame.row(first + lane, Record::stream(dut), now, out), rows);
        }
        frame.finish_if_complete(out);
        return true;
    }

    void finish(Writer& out) {
        for (auto& frame : frames_) frame.finish_if_begun(out);
    }

    void restart() {
        for (auto& frame : frames_) frame.restart();
    }

  private:
    std::vector<RowFrame<Record>> frames_;
};

template <class Tuple>
class Collectors;

template <class... Record>
class Collectors<std::tuple<Record...>> {
  public:
    explicit Collectors(Writer& out) : out_(out) {}

    void layers([[maybe_unused]] const uint32_t* rows, [[maybe_unused]] uint32_t count) {
        (std::get<RecordCollector<Record>>(all_).layers(rows, count), ...);
    }

    bool shows([[maybe_unused]] const Vdut& dut) const { return (Record::valid(dut) || ...); }

    // Takes what the port shows in this cycle; false when it names a layer that does not exist.
    bool sample([[maybe_unused]] const Vdut& dut, [[maybe_unused]] uint64_t now) {
        return (std::get<RecordCollector<Record>>(all_).sample(dut, now, out_) & ... & true);
    }

    // Hands on what has come of frames that will not be completed.
    void finish() { (std::get<RecordCollector<Record>>(all_).finish(out_), ...); }
    void restart() { (std::get<RecordCollector<Record>>(all_).restart(), ...); }

  private:
    Writer& out_;
    std::tuple<RecordCollector<Record>...> all_;
};

using TraceCollector = Collectors<Records>;
