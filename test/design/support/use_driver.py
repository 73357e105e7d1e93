"""Uses the Python driver of a design named dut: on a fake device and a mapped file, or on the simulated design by a pipe."""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, sys.argv[1])
import dut_driver as driver  # noqa: E402


class Fake:
    """Registers that hold what is put into them, and what was written, in order."""

    def __init__(self):
        self.words = {address: 0 for address in driver.REGISTERS.values()}
        self.written = []

    def read32(self, address):
        return self.words[address]

    def write32(self, address, value):
        self.written.append((address, value))


class Pipe:
    """The simulated design: bus cycles as lines of text."""

    def __init__(self, program, directory):
        self._process = subprocess.Popen(
            [program, "2"], cwd=directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def command(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def _ask(self, line):
        return [int(word) for word in self.command(line).split()]

    def read32(self, address):
        value, response = self._ask("read %d" % address)
        assert response == 0, address
        return value

    def write32(self, address, value):
        (response,) = self._ask("write %d %d" % (address, value))
        assert response == 0 or address == driver.REGISTERS["STATE_DATA"], address

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def refused(work):
    try:
        work()
    except driver.HcgsError as error:
        print(error)
    else:
        print("nothing was refused")


def fake():
    device = Fake()
    core = driver.Hcgs(device)
    at = driver.REGISTERS
    refused(core.identify)
    device.words[at["ID"]] = driver.ID_VALUE
    refused(core.identify)
    device.words[at["VERSION"]] = driver.VERSION_VALUE
    refused(core.identify)
    for n, word in enumerate(driver.HASH):
        device.words[at["HASH%d" % n]] = word
    core.identify()
    print("identified")
    refused(lambda: core.load(b"abc"))
    refused(lambda: core.load(b"".join(n.to_bytes(4, "little") for n in [1, 2, 3, 4, 5, 7] + [0] * 20)))
    words = b"".join(n.to_bytes(4, "little") for n in [1] + [0] * 20)
    device.words[at["STATUS"]] = 1 << 3
    refused(lambda: core.load(words))
    device.words[at["STATUS"]] = 1 << 3 | 1 << 4
    device.written.clear()
    try:
        core.load(words)
    except driver.HcgsError:
        pass
    assert device.written[0] == (at["CONTROL"], 2), device.written[0]
    print("aborted, then %s" % [hex(value) for address, value in device.written[1:2] if address == at["LOAD"]])
    device.words[at["STATUS"]] = 0
    refused(lambda: core.wait_loaded(0, 3))
    core.select(1)
    print("MODEL %d" % device.written[-1][1])
    refused(lambda: core.select(2))
    device.words[at["IRQ_STATUS"]] = 5
    print("interrupts %s, cleared %s" % (sorted(core.take_interrupts()), hex(device.written[-1][1])))
    for n, name in enumerate(["CYCLES", "FRAMES", "ERROR_COUNT"]):
        device.words[at[name]] = 7 + n
    print(core.counters())
    device.words[at["MEMORY_ERROR_COUNT"]] = 3
    device.words[at["STATUS"]] = 1 << 8
    print(core.memory_errors())
    device.words[at["STATUS"]] = 0
    with tempfile.NamedTemporaryFile() as file:
        file.write((0x12345678).to_bytes(4, "little") * 1024)
        file.flush()
        with driver.MappedDevice(file.name, size=4096) as mapped:
            before = mapped.read32(at["STATUS"])
            mapped.write32(at["MODEL"], 0xCAFE)
        with open(file.name, "rb") as again:
            again.seek(at["MODEL"])
            print("mapped %s %s" % (hex(before), hex(int.from_bytes(again.read(4), "little"))))


def pipe(program, directory):
    device = Pipe(program, directory)
    core = driver.Hcgs(device)

    def load(name):
        with open(os.path.join(directory, name), "rb") as file:
            core.load(file.read())

    core.identify()
    print("identified")
    refused(lambda: load("bad.bin"))
    print(sorted(core.take_interrupts()))
    load("good.bin")
    core.wait_loaded(1, 0)
    core.select(1)
    core.soft_reset()
    print(core.is_loaded(0), core.is_loaded(1), core.status()["LOADING"])
    print(sorted(core.take_interrupts()))
    print(core.counters())
    print(core.memory_errors())
    device.close()


def sleep(program, directory):
    """Runs an utterance to its middle, saves the states, resets, and goes on."""
    device = Pipe(program, directory)
    core = driver.Hcgs(device)
    with open(os.path.join(directory, "parts.json")) as file:
        parts = json.load(file)

    def send(part):
        for command in part["commands"]:
            device.command(command)
        return device.command("outputs %d" % part["beats"])

    core.identify()
    print(send(parts[0]) == parts[0]["outputs"])
    states = core.read_states()
    print(list(states), " ".join(str(value) for values in states.values() for value in values) == parts[0]["states"])
    core.soft_reset()
    refused(lambda: core.read_states(1))
    refused(lambda: core.write_states({**states, "c0": states["c0"][1:]}))
    refused(lambda: core.write_states({**states, "h1": [4096] * len(states["h1"])}, 0))
    core.write_states(states)
    print(core.read_states() == states, send(parts[1]) == parts[1]["outputs"])
    device.command(parts[0]["commands"][0])
    refused(core.read_states)
    device.close()


if sys.argv[2] == "fake":
    fake()
elif sys.argv[2] == "sleep":
    sleep(*sys.argv[3:])
else:
    pipe(*sys.argv[3:])
