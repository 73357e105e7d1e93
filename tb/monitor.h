// An exact model of what a core promises beside values: flags and counters in every cycle, when its streams may wait, how
// long an output frame is and which marks it has. It is told nothing but what moves on the streams. The end of a frame
// without outputs does not show there: alone in a core it comes after the cycles predicted, else no earlier, and `busy`
// shows it. docs/microarchitecture.md, "Streams".
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "Vdut.h"
#include "design.h"
#include "faults.h"

class Monitor {
  public:
    struct Shape {
        uint32_t input_beats, output_beats;
        // Frames below which tready is high, and the most frames that are accepted and not yet sent.
        uint32_t input_buffers, most_inside;
        // From the last input beat of a frame without outputs to its end, in an idle core.
        uint32_t silent_cycles;
    };

    Monitor(Writer& out, Faults& faults) : out_(out), faults_(faults) {}

    void shape(const Shape& shape) { shape_ = shape; }

    void reset() {
        receiving_ = error_ = alone_ = marked_ = open_ = spoilt_ = false;
        frames_ = 0;
        beat_ = out_beat_ = cycles_ = error_count_ = 0;
        surplus_ = 0;
        stream_ = model_ = 0;
        for (Stream& stream : streams_) stream = Stream();
    }

    // Frames accepted, or utterances where those are computed whole, of which nobody knows that they have ended.
    uint32_t inside() const {
        uint32_t all = 0;
        for (const Stream& stream : streams_) all += stream.inside();
        return all;
    }
    bool idle() const { return inside() == 0 && !receiving_ && !open_; }
    // Frames whose outputs are due.
    bool due() const {
        for (const Stream& stream : streams_) {
            if (!stream.due.empty()) return true;
        }
        return false;
    }
    // Beats came for which there was no frame, more than say anything new.
    bool flooded() const { return surplus_ > MOST_SURPLUS; }

    // One cycle, just before the rising edge.
    void sample(const Vdut& dut, uint64_t now, bool accepted) {
        const bool busy = expect_busy(dut, now);
        check(Fault::cycles, now, cycles_, dut.cycles);
        check(Fault::error, now, error_, dut.error);
        check(Fault::error_count, now, error_count_, dut.error_count);
        check(Fault::memory, now, 0, memory_errors(dut));
        check_ready(dut, now);
        if (dut.m_axis_tvalid) check_output(dut, now);
        cycles_ += busy;
        // before the beat that is taken: a frame is not sent in the cycle in which it comes
        if (dut.m_axis_tvalid && dut.m_axis_tready) send_beat(output_stream(dut));
        if (accepted) take_beat(dut, now);
        check_room(now);
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
    static constexpr std::size_t OUTPUT_BUFFERS = 2;
    static constexpr uint32_t MOST_SURPLUS = 4096;
    static constexpr uint32_t MOST_ERRORS = 65535;

    void check(Fault kind, uint64_t now, uint32_t expected, uint32_t got, uint32_t detail = 0) {
        if (expected != got) faults_.report(kind, now, expected, got, detail);
    }

    // A frame whose outputs are due: its number since reset, and its marks.
    struct Due {
        uint64_t number;
        uint32_t marks;
    };

    // What comes in and leaves under one tid.
    struct Stream {
        uint64_t accepted = 0, ended = 0;
        bool restart = true;
        std::deque<Due> due;

        uint32_t inside() const { return static_cast<uint32_t>(accepted - ended); }
    };

    void check_ready(const Vdut& dut, uint64_t now) {
        const uint32_t stream = receiving_ ? stream_ : input_stream(dut);
        // another model waits until the frames before have left
        const bool asks = dut.s_axis_tvalid && !receiving_ && (input_marks(dut) & 1);
        if (stream >= STREAMS || (asks && asked_model(dut) != model_)) return;
        const bool taken = STREAMS > 1 && receiving_;
        if (taken || streams_[stream].inside() < shape_.input_buffers) {
            check(Fault::not_ready, now, 1, dut.s_axis_tready);
        }
    }

    // Whether busy has to be high, which it is held against; what it shows where nothing else does.
    bool expect_busy(const Vdut& dut, uint64_t now) {
        bool busy = !idle();
        if (busy && !receiving_ && !open_ && !due()) {
            const bool over = now > newest_ + shape_.silent_cycles;
            busy = !over || (!alone_ && dut.busy);
            if (!busy) end_silent(now);
        }
        check(Fault::busy, now, busy, dut.busy);
        return busy;
    }

    void end_silent(uint64_t now) {
        for (Stream& stream : streams_) stream.ended = stream.accepted;
        out_.begin(Seen::silent, 8);
        out_.put(static_cast<double>(now - 1));
    }

    void check_output(const Vdut& dut, uint64_t now) {
        const uint32_t stream = output_stream(dut);
        if (stream < STREAMS && !streams_[stream].due.empty()) {
            check(Fault::last, now, out_beat_ + 1 == shape_.output_beats, dut.m_axis_tlast);
            if (BOTH_MARKS) check(Fault::marks, now, streams_[stream].due.front().marks, output_marks(dut));
            return;
        }
        ++surplus_;
        faults_.report(Fault::surplus, now, 0, 1);
    }

    void take_beat(const Vdut& dut, uint64_t now) {
        if (!receiving_ && (input_marks(dut) & 1)) model_ = asked_model(dut);
        if (MAX_FRAMES > 0) return take_beat_of_utterance(dut, now);
        if (!receiving_) {
            stream_ = input_stream(dut);
            if (stream_ < STREAMS) streams_[stream_].restart |= input_marks(dut) & 1;
            marked_ = !EMIT_LAST || input_marks(dut) >> 1;
        }
        const bool on_time = ++beat_ == shape_.input_beats;
        receiving_ = !dut.s_axis_tlast;
        if (receiving_) return;
        beat_ = 0;
        if (on_time && stream_ < STREAMS) return accept(streams_[stream_], now);
        count_error();
    }

    void count_error() {
        error_ = true;
        if (error_count_ < MOST_ERRORS) ++error_count_;
    }

    // An utterance is accepted with its last frame. One that lacks it when the next one begins, that is too long, or that has
    // a frame of another length, is discarded and counted once.
    void take_beat_of_utterance(const Vdut& dut, uint64_t now) {
        if (!receiving_) {
            if (input_marks(dut) & 1) {
                if (open_ && !spoilt_) count_error();
                open_ = spoilt_ = false;
                frames_ = 0;
            }
            marked_ = input_marks(dut) >> 1;
        }
        const bool on_time = ++beat_ == shape_.input_beats;
        receiving_ = !dut.s_axis_tlast;
        if (receiving_) return;
        beat_ = 0;
        const bool too_long = ++frames_ == MAX_FRAMES && !marked_;
        if (!spoilt_ && (!on_time || too_long)) {
            spoilt_ = true;
            count_error();
        }
        open_ = !marked_;
        if (open_) return;
        if (!spoilt_) accept_utterance(now);
        spoilt_ = false;
        frames_ = 0;
    }

    void accept_utterance(uint64_t now) {
        newest_ = now;
        for (uint32_t frame = EMIT_LAST ? frames_ - 1 : 0; frame < frames_; ++frame) {
            streams_[0].due.push_back({streams_[0].accepted, (frame == 0 ? 1U : 0U) | (frame + 1 == frames_ ? 2U : 0U)});
        }
        ++streams_[0].accepted;
    }

    // A frame of the right length has come.
    void accept(Stream& stream, uint64_t now) {
        alone_ = inside() == 0;
        newest_ = now;
        if (marked_) stream.due.push_back({stream.accepted, stream.restart ? 3U : 2U});
        ++stream.accepted;
        stream.restart = false;
    }

    // What leaves is of the oldest frame of its stream that is due, and those before it have ended.
    void send_beat(uint32_t number) {
        if (number >= STREAMS || streams_[number].due.empty() || ++out_beat_ < shape_.output_beats) return;
        Stream& stream = streams_[number];
        out_beat_ = 0;
        const Due& sent = stream.due.front();
        const bool ends = MAX_FRAMES == 0 || sent.marks & 2;
        if (ends && sent.number >= stream.ended) stream.ended = sent.number + 1;
        stream.due.pop_front();
    }

    // Where two frames wait in the output buffers, and all between them have ended, the next one that is due keeps the core
    // from taking more than it has room for.
    uint64_t held(const Stream& stream) const {
        if (!EMIT_LAST || MAX_FRAMES > 0) return stream.inside();
        if (STREAMS > 1) return 0;  // the outputs of other streams decide
        return stream.due.size() <= OUTPUT_BUFFERS
                   ? 0
                   : OUTPUT_BUFFERS + stream.accepted - stream.due[OUTPUT_BUFFERS].number;
    }

    void check_room(uint64_t now) {
        for (const Stream& stream : streams_) {
            const uint64_t held = this->held(stream);
            if (held > shape_.most_inside) faults_.report(Fault::overfull, now, shape_.most_inside, static_cast<double>(held));
        }
    }

    Writer& out_;
    Faults& faults_;
    Shape shape_{1, 1, 1, 1, 0};
    uint32_t model_ = 0;
    bool receiving_ = false, error_ = false, marked_ = false, alone_ = false;
    // Of the utterance that comes in: it has frames, and what comes of it is discarded.
    bool open_ = false, spoilt_ = false;
    uint32_t frames_ = 0;
    uint32_t beat_ = 0, out_beat_ = 0, cycles_ = 0, error_count_ = 0, surplus_ = 0;
    uint64_t newest_ = 0;
    // Of the frame that comes in.
    uint32_t stream_ = 0;
    std::array<Stream, STREAMS> streams_;
};
