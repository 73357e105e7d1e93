// Length-prefixed little-endian records: operations on stdin, observations on stdout. A record is a 32-bit kind, a
// 32-bit payload length in bytes, the payload. Payloads of observations are multiples of 8 bytes long, so that a reader
// can take its doubles in place. Both ends: generator/cosim/driver/operations.ts and generator/cosim/monitor/observations.ts.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

enum class Op : uint32_t {
    // u32 tracing, beats of an input frame, of an output frame, input buffers, most frames inside, cycles to the end of a
    // frame without outputs, layers, 0; u64 seed, u64 most cycles without a beat; u32 rows[layers]
    configure = 1,
    beats = 2,        // per beat: u8 flags (1 = tlast, 2 = tuser, 4 = its second bit, where it has one), tdata bytes
    idle = 3,         // u32 cycles without a beat on offer
    drain = 4,        // until every frame accepted has left
    reset = 5,        // u32 cycles, u32 1: a beat stays on offer meanwhile
    reset_after = 6,  // u32 event, delay, cycles, offer: reset strikes during what follows, which is then given up to the next join
    join = 7,         // until the reset of reset_after has struck
    status = 8,       // asks for one status observation
    mark = 9,         // u32: comes back as an observation
    waves = 10,       // u64 first cycle, u64 last cycle; first operation of a run with waveforms
    stall = 11,       // u32 probability of a gap, of back-pressure, times 2^32; from now on
    pause = 12,       // u32 delay, u32 cycles: back-pressure without a break, while what follows is driven
    allow = 13,       // u64 cycles that what follows may take, up to the next of these; pauses do not count
    load = 14,        // bytes of a load, which follows every reset from now on
    // u32 resident model of the utterances from now on, u32 probability times 2^32 that one has another than the one before
    model = 15,
    accesses = 16,  // asks for one accesses observation of each port of a macro that is counted
};

enum class Seen : uint32_t {
    // u32 record of the trace, layer, sequence, rows, rows missing, bytes of a value, values of a row, 0;
    // f64 cycle[rows] (-1: missing), f64 or i32 values[values of a row][rows]
    rows = 1,
    output = 2,  // u32 sequence, values; f64 cycle of tlast, f64 values[]
    input = 3,   // u32 sequence, beats; f64 cycle in which tlast was accepted
    status = 4,  // u32 busy, error, error_count, cycles; f64 cycle, f64 busy cycles counted here, f64 processor seconds since the first reset
    mark = 5,    // u32 as given, u32 0; f64 cycle
    fault = 6,   // u32 kind, u32 detail; f64 cycle, expected, got
    reset = 7,   // f64 cycle after it
    // u32 port, bytes of the path; f64 reads, f64 writes since the start, the path, filled up with zeros
    accesses = 9,
    silent = 8,  // f64 cycle in which the last frame inside, which has no outputs, ended
};

// Up to 31 kinds.
enum class Fault : uint32_t {
    hang = 1,             // no beat for too long; detail: what was being done, got: frames inside; the run ends
    unstable = 2,         // an output beat changed or vanished while it waited
    trace = 3,            // a traced layer or row that does not exist
    endless = 4,          // more cycles than allowed; as hang
    busy = 5,             // flags and counters that are not what the streams say
    cycles = 6,
    error = 7,
    error_count = 8,
    last = 9,             // m_axis_tlast
    surplus = 10,         // an output beat without a frame
    not_ready = 11,       // s_axis_tready low with a buffer free
    overfull = 12,        // more frames accepted than there is room for
    ready_in_reset = 13,  // s_axis_tready high while reset is
    not_cleared = 14,     // after a clock edge with reset; detail 0: m_axis_tvalid, busy or error, 1: error_count, 2: cycles
    marks = 15,           // m_axis_tuser
    load = 16,            // the model was not taken; detail: load_cause, expected: its bytes, got: bytes taken; the run ends
    memory = 17,          // a memory with check bits has found a word that is not as it was stored; got: memory_error_count
};

// stdin, read in large pieces.
class Reader {
  public:
    explicit Reader(void (*before_wait)()) : buffer_(1 << 16), before_wait_(before_wait) {}

    // Next operation; false at the end of the input.
    bool next(Op& op, std::vector<uint8_t>& payload) {
        uint32_t head[2];
        if (!take(head, sizeof head)) return false;
        op = static_cast<Op>(head[0]);
        payload.resize(head[1]);
        return take(payload.data(), payload.size());
    }

  private:
    bool take(void* to, std::size_t count) {
        auto* out = static_cast<uint8_t*>(to);
        while (count > 0) {
            if (at_ == end_) {
                before_wait_();
                const ssize_t got = ::read(0, buffer_.data(), buffer_.size());
                if (got <= 0) return false;
                at_ = 0;
                end_ = static_cast<std::size_t>(got);
            }
            const std::size_t part = count < end_ - at_ ? count : end_ - at_;
            std::memcpy(out, buffer_.data() + at_, part);
            out += part;
            at_ += part;
            count -= part;
        }
        return true;
    }

    std::vector<uint8_t> buffer_;
    std::size_t at_ = 0, end_ = 0;
    void (*before_wait_)();
};

// stdout, written in large pieces. Ends the program when nobody reads any more.
class Writer {
  public:
    Writer() {
        buffer_.reserve(1 << 20);
#ifdef F_SETPIPE_SZ
        ::fcntl(1, F_SETPIPE_SZ, 1 << 20);
#endif
    }

    void begin(Seen kind, std::size_t length) {
        if (buffer_.size() + length + 8 > (1 << 18)) flush();
        put(static_cast<uint32_t>(kind));
        put(static_cast<uint32_t>(length));
    }

    template <class T>
    void put(const T& value) {
        put(&value, 1);
    }

    template <class T>
    void put(const T* values, std::size_t count) {
        const auto* bytes = reinterpret_cast<const uint8_t*>(values);
        buffer_.insert(buffer_.end(), bytes, bytes + count * sizeof(T));
    }

    void flush() {
        std::size_t at = 0;
        while (at < buffer_.size()) {
            const ssize_t done = ::write(1, buffer_.data() + at, buffer_.size() - at);
            if (done <= 0) std::_Exit(4);
            at += static_cast<std::size_t>(done);
        }
        buffer_.clear();
    }

  private:
    std::vector<uint8_t> buffer_;
};
