// A processor with the C driver of a design, beside the design itself: reads commands from stdin, one on a line, and answers each
// with a line. The functions of the driver are bus cycles here. Arguments: seed of the rhythm of the bus.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "Vdut.h"
#include "bits.h"
#include "bus_design.h"
#include "dut_design.h"

namespace {

constexpr unsigned PATIENCE = 20000;

class Board {
  public:
    explicit Board(VerilatedContext& context) : context_(context), dut_(std::make_unique<Vdut>(&context)) {
        // ports hold anything at first, as registers do
        quiet();
        set_load(*dut_, nullptr, false);
        dut_->s_axis_tvalid = 0;
        dut_->rst = 1;
        dut_->m_axis_tready = 1;
        for (unsigned n = 0; n < 4; ++n) tick();
        dut_->rst = 0;
        tick();
    }
    ~Board() { dut_->final(); }

    void seed(uint64_t seed) { random_ = seed * 2 + 1; }

    // A beat that is on offer from the so manyth cycle on, whatever happens on the bus.
    void later(unsigned cycles, const std::vector<uint8_t>& beat, bool last, unsigned user, unsigned stream) {
        set_stream(*dut_, stream);
        load(dut_->s_axis_tdata, beat.data(), beat.size());
        dut_->s_axis_tlast = last;
        dut_->s_axis_tuser = user;
        later_ = true;
        left_ = cycles;
    }

    void tick() {
        if (later_ && left_-- == 0) dut_->s_axis_tvalid = 1;
        dut_->clk = 0;
        dut_->eval();
        if (!dut_->rst && dut_->m_axis_tvalid && dut_->m_axis_tready) {
            std::vector<uint8_t> beat(OUT_BEAT_BYTES + 1);
            store(dut_->m_axis_tdata, beat.data(), OUT_BEAT_BYTES);
            beat.back() = dut_->m_axis_tlast;
            outputs.push_back(beat);
        }
        aw_ = dut_->s_axil_awvalid && dut_->s_axil_awready;
        w_ = dut_->s_axil_wvalid && dut_->s_axil_wready;
        b_ = dut_->s_axil_bvalid && dut_->s_axil_bready;
        ar_ = dut_->s_axil_arvalid && dut_->s_axil_arready;
        r_ = dut_->s_axil_rvalid && dut_->s_axil_rready;
        in_ = dut_->s_axis_tvalid && dut_->s_axis_tready;
        load_ = load_taken(*dut_);
        response_ = b_ ? dut_->s_axil_bresp : dut_->s_axil_rresp;
        data_ = dut_->s_axil_rdata;
        dut_->clk = 1;
        dut_->eval();
        if (later_ && in_) later_ = dut_->s_axis_tvalid = 0;
        context_.timeInc(1);
    }

    // One write on the bus, address and data in any order. The answer of the slave.
    unsigned write(uint32_t address, uint32_t value, unsigned strobes) {
        bool address_done = false, data_done = false;
        for (unsigned n = 0; n < PATIENCE; ++n) {
            dut_->s_axil_awvalid = !address_done && (dut_->s_axil_awvalid || coin());
            dut_->s_axil_wvalid = !data_done && (dut_->s_axil_wvalid || coin());
            dut_->s_axil_awaddr = address;
            dut_->s_axil_wdata = value;
            dut_->s_axil_wstrb = strobes;
            dut_->s_axil_bready = coin();
            tick();
            address_done |= aw_;
            data_done |= w_;
            if (!b_) continue;
            return answered();
        }
        return hung();
    }

    unsigned read(uint32_t address, uint32_t& value) {
        bool address_done = false;
        for (unsigned n = 0; n < PATIENCE; ++n) {
            dut_->s_axil_arvalid = !address_done && (dut_->s_axil_arvalid || coin());
            dut_->s_axil_araddr = address;
            dut_->s_axil_rready = coin();
            tick();
            address_done |= ar_;
            if (!r_) continue;
            value = data_;
            return answered();
        }
        return hung();
    }

    bool send(const std::vector<uint8_t>& beat, bool last, unsigned user, unsigned stream) {
        set_stream(*dut_, stream);
        load(dut_->s_axis_tdata, beat.data(), beat.size());
        dut_->s_axis_tlast = last;
        dut_->s_axis_tuser = user;
        dut_->s_axis_tvalid = 1;
        in_ = false;
        for (unsigned n = 0; n < PATIENCE && !in_; ++n) tick();
        dut_->s_axis_tvalid = 0;
        return in_;
    }

    // Beats of a load through the stream, the first `most` of them; how many are taken.
    std::size_t stream(const std::vector<uint8_t>& bytes, std::size_t most) {
        std::size_t beat = 0;
        for (; beat < most && (beat + 1) * LOAD_BYTES <= bytes.size(); ++beat) {
            const bool last = (beat + 1) * LOAD_BYTES == bytes.size();
            load_ = false;
            for (unsigned n = 0; n < 300 && !load_; ++n) {
                set_load(*dut_, bytes.data() + beat * LOAD_BYTES, last);
                tick();
            }
            set_load(*dut_, nullptr, false);
            if (!load_) break;
        }
        return beat;
    }

    bool irq() {
        tick();
        return dut_->irq;
    }

    std::deque<std::vector<uint8_t>> outputs;
    unsigned refused = 0;

  private:
    bool coin() {
        random_ = random_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return random_ >> 63;
    }
    unsigned answered() {
        quiet();
        if (response_ != 0) ++refused;
        return response_;
    }
    unsigned hung() {
        std::fprintf(stderr, "the bus hangs\n");
        std::exit(1);
    }
    void quiet() {
        dut_->s_axil_awvalid = dut_->s_axil_wvalid = dut_->s_axil_arvalid = 0;
        dut_->s_axil_bready = dut_->s_axil_rready = 0;
    }

    VerilatedContext& context_;
    std::unique_ptr<Vdut> dut_;
    uint64_t random_ = 1;
    bool aw_ = false, w_ = false, b_ = false, ar_ = false, r_ = false, in_ = false, load_ = false;
    bool later_ = false;
    unsigned left_ = 0;
    unsigned response_ = 0;
    uint32_t data_ = 0;
};

uint32_t driver_read(void* context, uint32_t address) {
    uint32_t value = 0;
    static_cast<Board*>(context)->read(address, value);
    return value;
}

void driver_write(void* context, uint32_t address, uint32_t value) {
    static_cast<Board*>(context)->write(address, value, 15);
}

std::vector<uint8_t> file(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<uint8_t> from_hex(const std::string& text) {
    std::vector<uint8_t> bytes;
    for (std::size_t n = 0; n + 1 < text.size(); n += 2) bytes.push_back(std::stoul(text.substr(n, 2), nullptr, 16));
    return bytes;
}

std::string to_hex(const std::vector<uint8_t>& bytes) {
    std::string text;
    char digits[3];
    for (uint8_t byte : bytes) {
        std::snprintf(digits, sizeof digits, "%02x", byte);
        text += digits;
    }
    return text;
}

// The answer to a command.
std::string answer(Board& board, const hcgs_device& device, std::istringstream& line) {
    std::string command, text;
    line >> command;
    uint32_t a = 0, b = 0, c = 0;
    std::ostringstream out;
    if (command == "read") {
        line >> a;
        const unsigned response = board.read(a, b);
        out << b << ' ' << response;
    } else if (command == "write") {
        c = 15;
        line >> a >> b >> c;
        out << board.write(a, b, c);
    } else if (command == "identify") {
        out << hcgs_identify(&device);
    } else if (command == "load") {
        line >> text >> a;
        const auto bytes = file(text);
        out << hcgs_load(&device, bytes.data(), bytes.size(), a);
    } else if (command == "wait") {
        line >> a >> b;
        out << hcgs_wait_loaded(&device, a, b);
    } else if (command == "loaded") {
        line >> a;
        out << hcgs_is_loaded(&device, a);
    } else if (command == "status") {
        out << hcgs_status(&device);
    } else if (command == "cause") {
        out << hcgs_load_cause(&device) << ' ' << hcgs_cause_text(hcgs_load_cause(&device));
    } else if (command == "text") {
        line >> a;
        out << hcgs_result_text(static_cast<hcgs_result>(a));
    } else if (command == "abort") {
        out << hcgs_abort_load(&device);
    } else if (command == "select") {
        line >> a;
        out << hcgs_select(&device, a);
    } else if (command == "reset") {
        hcgs_soft_reset(&device);
    } else if (command == "counters") {
        out << hcgs_cycles(&device) << ' ' << hcgs_frames(&device) << ' ' << hcgs_frame_errors(&device);
    } else if (command == "memory") {
        const unsigned result = hcgs_memory_errors(&device, &a);
        out << result << ' ' << a << ' ' << ((hcgs_status(&device) & HCGS_STATUS_MEMORY_ERROR) != 0);
    } else if (command == "enable") {
        line >> a;
        hcgs_enable_interrupts(&device, a);
    } else if (command == "take") {
        line >> a;
        out << hcgs_take_interrupts(&device, a);
    } else if (command == "states") {
        line >> a;
        std::vector<int32_t> values(device.design->state_count + 1);
        out << hcgs_read_states(&device, a, values.data(), device.design->state_count) << ':';
        for (std::size_t n = 0; n < device.design->state_count; ++n) out << ' ' << values[n];
    } else if (command == "restore") {
        line >> a;
        const std::vector<int32_t> values{std::istream_iterator<int32_t>(line), {}};
        out << hcgs_write_states(&device, a, values.data(), values.size());
    } else if (command == "irq") {
        out << board.irq();
    } else if (command == "refused") {
        out << board.refused;
    } else if (command == "beat") {
        line >> text >> a >> b >> c;
        out << board.send(from_hex(text), a != 0, b, c);
    } else if (command == "during") {
        unsigned cycles = 0;
        line >> cycles >> text >> a >> b >> c;
        board.later(cycles, from_hex(text), a != 0, b, c);
    } else if (command == "stream") {
        line >> text >> a;
        out << board.stream(file(text), a);
    } else if (command == "idle") {
        line >> a;
        while (a-- > 0) board.tick();
    } else if (command == "outputs") {
        line >> a;
        for (unsigned n = 0; n < PATIENCE && board.outputs.size() < a; ++n) board.tick();
        for (const auto& beat : board.outputs) out << (&beat == &board.outputs.front() ? "" : " ") << to_hex(beat);
        board.outputs.clear();
    } else {
        std::fprintf(stderr, "unknown command %s\n", command.c_str());
        std::exit(1);
    }
    return out.str();
}

}  // namespace

int main(int argc, char** argv) {
    VerilatedContext context;
    context.randReset(2);
    context.commandArgs(argc, argv);
    Board board(context);
    board.seed(argc > 1 ? std::atoi(argv[1]) : 1);
    hcgs_device device;
    hcgs_through(&device, &dut_design, driver_read, driver_write, &board);
    for (std::string text; std::getline(std::cin, text);) {
        std::istringstream line(text);
        std::cout << answer(board, device, line) << std::endl;
    }
    return 0;
}
