// The bench around one core: drives the clock, reset and both streams, and reports what it sees. One call of `tick` is
// one clock cycle: inputs change while the clock is low, outputs are sampled just before the rising edge.
#pragma once

#include <ctime>
#include <memory>
#include <vector>

#include "Vdut.h"
#include "bits.h"
#include "design.h"
#include "records.h"
#include "stall.h"
#include "trace_collector.h"
#include "waves.h"

class Bench {
  public:
    Bench(VerilatedContext& context, Writer& out)
        : dut_(std::make_unique<Vdut>(&context)), out_(out), trace_(out), waves_(*dut_) {
        dut_->rst = 0;
        dut_->s_axis_tvalid = 0;
    }

    ~Bench() {
        waves_.close();
        dut_->final();
    }

    struct Settings {
        bool tracing;
        uint64_t timeout;
    };

    void configure(Settings settings, uint32_t stall, uint64_t seed, const uint32_t* cells, uint32_t layers) {
        settings_ = settings;
        ready_stall_.configure(stall, seed);
        gap_stall_.configure(stall, ~seed);
        trace_.layers(cells, layers);
    }

    Waves& waves() { return waves_; }

    // False when the run has to end.
    bool alive() const { return alive_; }
    // True once an armed reset has come due: what was being driven is to be given up.
    bool struck() const { return now_ >= strike_at_; }

    void strike_after(uint32_t delay) { strike_at_ = now_ + delay; }

    // Offers one beat until it is taken, after a gap where stalls are on.
    void send(const uint8_t* beat) {
        while (going() && gap_stall_()) tick();
        load(dut_->s_axis_tdata, beat + 1, BEAT_BYTES);
        dut_->s_axis_tlast = beat[0] & 1;
        dut_->s_axis_tuser = beat[0] >> 1 & 1;
        dut_->s_axis_tvalid = 1;
        bool taken = false;
        while (going() && !taken) taken = tick();
        dut_->s_axis_tvalid = 0;
        if (!taken) return;
        ++beats_;
        if (beat[0] & 1) {
            out_.begin(Seen::input, 16);
            out_.put(inputs_++);
            out_.put(beats_);
            out_.put(static_cast<double>(now_ - 1));
            beats_ = 0;
        }
    }

    void idle(uint32_t cycles) {
        for (; cycles > 0 && going(); --cycles) {
            tick();
            quiet_ = 0;
        }
    }

    // Until busy has been low in two cycles.
    void drain() {
        for (unsigned low = 0; low < 2 && going();) {
            tick();
            low = dut_->busy ? 0 : low + 1;
        }
    }

    // Until an armed reset comes due.
    void wait_strike() {
        while (strike_at_ != NEVER && going()) {
            tick();
            quiet_ = 0;
        }
    }

    void reset(uint32_t cycles) {
        strike_at_ = NEVER;
        trace_.finish();
        dut_->rst = 1;
        dut_->s_axis_tvalid = 0;
        while (cycles-- > 0) tick();
        // The first cycle reads the memory images: that is no speed of the hardware.
        if (started_ == 0) started_ = std::clock();
        dut_->rst = 0;
        trace_.restart();
        values_.clear();
        beats_ = inputs_ = outputs_ = 0;
        quiet_ = busy_ = 0;
        waiting_ = false;
        out_.begin(Seen::reset, 8);
        out_.put(static_cast<double>(now_));
    }

    void status() {
        out_.begin(Seen::status, 40);
        const uint32_t flags[4] = {dut_->busy, dut_->error, dut_->error_count, dut_->cycles};
        out_.put(flags, 4);
        const double cpu = static_cast<double>(std::clock() - started_) / CLOCKS_PER_SEC;
        const double numbers[3] = {static_cast<double>(now_), static_cast<double>(busy_), cpu};
        out_.put(numbers, 3);
    }

    void mark(uint32_t id) {
        out_.begin(Seen::mark, 16);
        out_.put(id);
        out_.put(uint32_t{0});
        out_.put(static_cast<double>(now_));
    }

    void finish() { trace_.finish(); }

  private:
    static constexpr uint64_t NEVER = ~0ULL;

    bool going() {
        if (quiet_ > settings_.timeout) {
            fault(Fault::timeout, 0);
            alive_ = false;
        }
        return alive_ && !struck();
    }

    // One clock cycle; true when the beat on offer was taken.
    bool tick() {
        Vdut& dut = *dut_;
        dut.m_axis_tready = !ready_stall_();
        dut.clk = 0;
        dut.eval();
        waves_.dump(now_, 0);
        const bool taken = dut.s_axis_tvalid && dut.s_axis_tready && !dut.rst;
        ++quiet_;
        if (taken) quiet_ = 0;
        if (!dut.rst) observe(dut);
        dut.clk = 1;
        dut.eval();
        waves_.dump(now_, 1);
        ++now_;
        if (waves_.over(now_)) alive_ = false;
        return taken;
    }

    void observe(Vdut& dut) {
        busy_ += dut.busy;
        if (waiting_) check_waiting(dut);
        if (dut.m_axis_tvalid) {
            if (dut.m_axis_tready) {
                take_output(dut);
            } else if (!waiting_) {
                waiting_ = true;
                waiting_last_ = dut.m_axis_tlast;
                store(dut.m_axis_tdata, waiting_data_, OUT_BEAT_BYTES);
            }
        }
        if (settings_.tracing && trace_.shows(dut)) {
            quiet_ = 0;
            if (!trace_.sample(dut, now_)) fault(Fault::trace, 0);
        }
    }

    // A beat that has to wait may neither change nor vanish.
    void check_waiting(Vdut& dut) {
        uint8_t data[OUT_BEAT_BYTES];
        store(dut.m_axis_tdata, data, OUT_BEAT_BYTES);
        const bool same = dut.m_axis_tvalid && dut.m_axis_tlast == waiting_last_ &&
                          std::memcmp(data, waiting_data_, OUT_BEAT_BYTES) == 0;
        if (!same) fault(Fault::unstable, 0);
        if (!same || dut.m_axis_tready) waiting_ = false;
    }

    void take_output(Vdut& dut) {
        quiet_ = 0;
        for (unsigned lane = 0; lane < STREAM_LANES; ++lane) {
            values_.push_back(static_cast<double>(signed_field(dut.m_axis_tdata, lane * OUT_BITS, OUT_BITS)));
        }
        if (dut.m_axis_tlast) {
            out_.begin(Seen::output, 16 + values_.size() * sizeof(double));
            out_.put(outputs_++);
            out_.put(static_cast<uint32_t>(values_.size()));
            out_.put(static_cast<double>(now_));
            out_.put(values_.data(), values_.size());
            values_.clear();
        } else if (values_.size() > (1U << 22)) {
            fault(Fault::overlong, static_cast<uint32_t>(values_.size()));
            alive_ = false;
        }
    }

    void fault(Fault kind, uint32_t detail) {
        out_.begin(Seen::fault, 16);
        out_.put(static_cast<uint32_t>(kind));
        out_.put(detail);
        out_.put(static_cast<double>(now_));
    }

    std::unique_ptr<Vdut> dut_;
    Writer& out_;
    TraceCollector trace_;
    Waves waves_;
    Settings settings_{false, 1000};
    Stall ready_stall_, gap_stall_;
    bool alive_ = true;
    std::clock_t started_ = 0;
    uint64_t now_ = 0, strike_at_ = NEVER, quiet_ = 0, busy_ = 0;
    uint32_t beats_ = 0, inputs_ = 0, outputs_ = 0;
    std::vector<double> values_;
    bool waiting_ = false;
    uint8_t waiting_last_ = 0;
    uint8_t waiting_data_[OUT_BEAT_BYTES] = {};
};
