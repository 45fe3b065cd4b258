"""`python -m benchmarks [NAME...]`: the measurements, one after another, each in a process of its own.

They print what they find and never fail on it: how fast is fast enough depends on who asks, and on the machine.
`python -m benchmarks.NAME` runs one of them with arguments of its own.
"""

from __future__ import annotations

import subprocess
import sys

BENCHMARKS = {
    "noop": "an unchanged project, and one with a single edit, beside a Python that does nothing",
    "building": "100 new drafts: what a build adds to drawing and exporting them",
    "makespan": "100 tasks of a service, beside what its latencies and rate limit allow",
    "build_memory": "peak memory of a whole build with 4K masters",
    "memory": "peak memory of exporting 4K masters alone",
    "draft": "placeholders a second",
    "review": "the review page of 1,000 assets: to write, and to open",
    "removers": "how exact the removers are, against pictures whose opacity is known",
    "ladders": "exports, beside sharp and ImageMagick where they are at hand",
}


def main() -> int:
    """Run what was named, or everything; 1 when one of them broke."""
    names = sys.argv[1:] or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        print(f"there is no benchmark {', '.join(unknown)}; there are:")
        print("\n".join(f"  {name.ljust(14)}{what}" for name, what in BENCHMARKS.items()))
        return 2
    broken = [name for name in names if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode]
    if broken:
        print(f"broke: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
