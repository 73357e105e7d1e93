// SPDX-License-Identifier: 0BSD
// Bit fields of Verilator ports of any width. A port is an unsigned integer up to 64 bits, an array of 32-bit words above.
#pragma once

#include <cstdint>
#include <cstring>

#include "verilated.h"

// Bits [low, low + width) of a port, 1 <= width <= 64.
template <class T>
inline uint64_t field(const T& port, unsigned low, unsigned width) {
    const uint64_t value = static_cast<uint64_t>(port) >> low;
    return width == 64 ? value : value & ((1ULL << width) - 1);
}

template <std::size_t W>
inline uint64_t field(const VlWide<W>& port, unsigned low, unsigned width) {
    const uint32_t* words = port.data();
    const unsigned word = low / 32, shift = low % 32;
    uint64_t value = words[word] >> shift;
    if (shift + width > 32) value |= static_cast<uint64_t>(words[word + 1]) << (32 - shift);
    if (shift + width > 64) value |= static_cast<uint64_t>(words[word + 2]) << (64 - shift);
    return width == 64 ? value : value & ((1ULL << width) - 1);
}

// The same bits as a two's complement number.
template <class T>
inline int64_t signed_field(const T& port, unsigned low, unsigned width) {
    return static_cast<int64_t>(field(port, low, width) << (64 - width)) >> (64 - width);
}

// A port from and to its little-endian bytes.
template <class T>
inline void load(T& port, const uint8_t* bytes, std::size_t count) {
    T value = 0;
    std::memcpy(&value, bytes, count);
    port = value;
}

template <std::size_t W>
inline void load(VlWide<W>& port, const uint8_t* bytes, std::size_t count) {
    port.data()[W - 1] = 0;
    std::memcpy(port.data(), bytes, count);
}

template <class T>
inline void store(const T& port, uint8_t* bytes, std::size_t count) {
    std::memcpy(bytes, &port, count);
}

template <std::size_t W>
inline void store(const VlWide<W>& port, uint8_t* bytes, std::size_t count) {
    std::memcpy(bytes, port.data(), count);
}
