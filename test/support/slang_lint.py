"""Elaborates Verilog with slang: `python slang_lint.py TOP FILE...`. Prints errors, not warnings; exit code 0: none."""

import sys

from pyslang import driver

top, *files = sys.argv[1:]
slang = driver.Driver()
slang.addStandardArgs()
ok = slang.parseCommandLine(" ".join(["slang", "-Wnone", "--top", top, *files]))
ok = ok and slang.processOptions() and slang.parseAllSources()
if ok:
    slang.reportCompilation(slang.createCompilation(), True)
    ok = slang.reportDiagnostics(True)
sys.exit(0 if ok else 1)
