// The bench around one core: drives the clock, reset and both streams, and reports what it sees. One call of `tick` is
// one clock cycle: inputs change while the clock is low, outputs are sampled just before the rising edge.
#pragma once

#include <ctime>
#include <memory>

#include "Vdut.h"
#include "bits.h"
#include "design.h"
#include "faults.h"
#include "monitor.h"
#include "output_frames.h"
#include "patience.h"
#include "records.h"
#include "stall.h"
#include "strike.h"
#include "trace_collector.h"
#include "waves.h"

class Bench {
  public:
    Bench(VerilatedContext& context, Writer& out)
        : dut_(std::make_unique<Vdut>(&context)), out_(out), faults_(out), monitor_(out, faults_),
          outputs_(out, faults_), trace_(out), waves_(*dut_) {
        dut_->rst = 0;
        dut_->s_axis_tvalid = 0;
        set_load(*dut_, nullptr, false);
        quiet_bus(*dut_);
    }

    ~Bench() {
        waves_.close();
        dut_->final();
    }

    void configure(bool tracing, const Monitor::Shape& shape, uint64_t seed, uint64_t limit) {
        tracing_ = tracing;
        monitor_.shape(shape);
        pause_coin_.seed(seed);
        gap_coin_.seed(~seed);
        model_coin_.seed(seed + 1);
        patience_.limit(limit);
    }

    void layers(const uint32_t* rows, uint32_t count) { trace_.layers(rows, count); }

    // Probabilities times 2^32.
    void stall(uint32_t gap, uint32_t pause) {
        gap_coin_.probability(gap);
        pause_coin_.probability(pause);
    }

    // The model that utterances ask for, and how often one asks for another.
    void model(uint32_t model, uint32_t change) {
        model_ = model;
        model_coin_.probability(change);
    }

    // A load that follows every reset.
    void image(const std::vector<uint8_t>& bytes) { image_ = bytes; }

    void pause(uint32_t delay, uint32_t cycles) { pause_.set(now_ + delay, cycles); }
    void allow(uint64_t cycles) { patience_.allow(cycles); }
    void strike_after(Event event, uint32_t delay) { strike_.arm(now_, event, delay); }
    Waves& waves() { return waves_; }

    // False when the run has to end.
    bool alive() const { return alive_; }
    // True once an armed reset has come due: what was being driven is to be given up.
    bool struck() const { return strike_.struck(now_); }

    // Offers one beat until it is taken, after a gap where gaps are on.
    void send(const uint8_t* beat) {
        doing_ = Doing::send;
        while (going() && gap_coin_()) tick();
        load(dut_->s_axis_tdata, beat + 1, BEAT_BYTES);
        dut_->s_axis_tlast = beat[0] & 1;
        dut_->s_axis_tuser = beat[0] >> 1 & (BOTH_MARKS ? 3 : 1);
        set_stream(*dut_, beat[0] >> 3);
        if (beat[0] & 2) {
            if (model_coin_()) model_ = (model_ + 1) % MODELS;
            set_model(*dut_, model_);
        }
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
        doing_ = Doing::idle;
        for (; cycles > 0 && going(); --cycles) tick();
    }

    // Until every frame accepted has left, and two cycles more.
    void drain() {
        doing_ = Doing::drain;
        while (going() && !monitor_.idle()) tick();
        idle(2);
    }

    // Until an armed reset comes due; one whose event has not come is due now.
    void wait_strike() {
        doing_ = Doing::idle;
        while (strike_.due() && going()) tick();
    }

    // `offer`: the beat that was on offer last stays there, as it does where only the core is reset.
    void reset(uint32_t cycles, bool offer) {
        strike_.disarm();
        pause_.clear();
        trace_.finish();
        dut_->rst = 1;
        dut_->s_axis_tvalid = offer;
        for (uint32_t cycle = 0; cycle < cycles; ++cycle) {
            reset_cycle_ = cycle;
            tick();
        }
        // The first cycle reads the memory images: that is no speed of the hardware.
        if (started_ == 0) started_ = std::clock();
        dut_->rst = 0;
        dut_->s_axis_tvalid = 0;
        // of a reset, not of the load behind it
        out_.begin(Seen::reset, 8);
        out_.put(static_cast<double>(now_));
        play_image();
        trace_.restart();
        outputs_.restart();
        monitor_.reset();
        faults_.restart();
        patience_.moved();
        beats_ = inputs_ = 0;
        busy_ = 0;
        ready_ = true;
        valid_ = false;
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
    // Cycles without a beat until a load is given up, and from its last beat to the word that it is there.
    static constexpr uint64_t LOAD_PATIENCE = 100;
    static constexpr unsigned LOAD_VERDICT = 3;

    enum class Doing : uint32_t { idle = 0, send = 1, drain = 2 };

    bool going() {
        if (alive_ && patience_.quiet()) give_up(Fault::hang, patience_.limit());
        if (alive_ && patience_.spent()) give_up(Fault::endless, 0);
        if (alive_ && monitor_.flooded()) alive_ = false;
        return alive_ && !struck();
    }

    void give_up(Fault kind, uint64_t limit) {
        faults_.report(kind, now_, static_cast<double>(limit), monitor_.inside(), static_cast<uint32_t>(doing_));
        alive_ = false;
    }

    // Loads the model: cycles of their own, in which no stream moves and nothing is looked at.
    void play_image() {
        if (LOAD_BYTES == 0 || image_.empty()) return;
        std::size_t at = 0;
        uint64_t waits = 0;
        loading_ = true;
        while (at < image_.size() && waits < LOAD_PATIENCE) {
            const std::size_t end = at + LOAD_BYTES;
            set_load(*dut_, image_.data() + at, end >= image_.size());
            load_taken_ = false;
            tick();
            ++waits;
            if (load_taken_) {
                at = end;
                waits = 0;
            }
        }
        set_load(*dut_, nullptr, false);
        for (unsigned n = 0; n < LOAD_VERDICT; ++n) tick();
        loading_ = false;
        if (is_loaded(*dut_)) return;
        faults_.report(Fault::load, now_, static_cast<double>(image_.size()), static_cast<double>(at), load_cause(*dut_));
        alive_ = false;
    }

    // One clock cycle; true when the beat on offer was taken.
    bool tick() {
        Vdut& dut = *dut_;
        const bool held = pause_(now_);
        dut.m_axis_tready = !(held | pause_coin_());
        dut.clk = 0;
        dut.eval();
        waves_.dump(now_, 0);
        const bool taken = dut.s_axis_tvalid && dut.s_axis_tready && !dut.rst;
        load_taken_ = load_taken(dut);
        if (dut.rst) {
            observe_reset(dut);
        } else if (!loading_) {
            observe(dut, taken);
        }
        dut.clk = 1;
        dut.eval();
        waves_.dump(now_, 1);
        ++now_;
        if (waves_.over(now_)) alive_ = false;
        return taken;
    }

    void observe_reset(const Vdut& dut) {
        // Nothing is known before the first edge of the first reset.
        if (reset_cycle_ > 0) {
            monitor_.sample_reset(dut, now_);
        } else {
            monitor_.sample_ready(dut, now_);
        }
    }

    void observe(Vdut& dut, bool taken) {
        busy_ += dut.busy;
        const bool left = dut.m_axis_tvalid && dut.m_axis_tready;
        if (dut.m_axis_tready && doing_ != Doing::idle) patience_.spend();
        if (taken || left) patience_.moved();
        monitor_.sample(dut, now_, taken);
        outputs_.sample(dut, now_);
        if (taken && dut.s_axis_tlast) strike_.seen(Event::frame_in, now_ + 1);
        if (left && dut.m_axis_tlast) strike_.seen(Event::frame_out, now_ + 1);
        if (dut.s_axis_tready != ready_) strike_.seen(ready_ ? Event::full : Event::room, now_ + 1);
        if (dut.m_axis_tvalid && !valid_) strike_.seen(Event::output, now_ + 1);
        ready_ = dut.s_axis_tready;
        valid_ = dut.m_axis_tvalid;
        if (tracing_ && trace_.shows(dut) && !trace_.sample(dut, now_)) faults_.report(Fault::trace, now_, 0, 0);
    }

    std::unique_ptr<Vdut> dut_;
    Writer& out_;
    Faults faults_;
    Monitor monitor_;
    OutputFrames outputs_;
    TraceCollector trace_;
    Waves waves_;
    Coin pause_coin_, gap_coin_, model_coin_;
    uint32_t model_ = 0;
    Pause pause_;
    Strike strike_;
    Patience patience_;
    std::vector<uint8_t> image_;
    bool loading_ = false, load_taken_ = false;
    bool tracing_ = false, alive_ = true, ready_ = true, valid_ = false;
    Doing doing_ = Doing::idle;
    std::clock_t started_ = 0;
    uint64_t now_ = 0, busy_ = 0;
    uint32_t beats_ = 0, inputs_ = 0, reset_cycle_ = 0;
};
