"""The process that sets the page: a job in, a PDF out, and nothing of the machine but fonts.

Before it looks at anything of the data it gives up the network, other programs, and every file
but the fonts; the page has no imports, and packages are looked for where there are none.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import typst

from geodata.formats import landlock, seccomp
from geodata.paper.errors import NO_FONT

NOWHERE: Final = "/nonexistent"
SYSTEM: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/proc/self", "/dev/null")


def shut(folders: list[str]) -> None:
    """Give up what the page does not need, as far as the platform can."""
    landlock.restrict(listed=[], readable=[*folders, *SYSTEM], writable=[])
    seccomp.deny()


def main() -> int:
    """Set what the job says; give the exit code."""
    job: dict[str, Any] = json.load(sys.stdin)
    layout = Path(job["layout"]).read_bytes()  # one of ours, never of the data
    shut(job["folders"])
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=job["folders"]
    )
    known = fonts.families()
    family = next((each for each in job["families"] if each in known), "")
    if not family:
        return NO_FONT
    compiler = typst.Compiler(
        layout,
        root=job["root"],
        font_paths=fonts,
        sys_inputs={"font": family, "content": json.dumps(job["content"])},
        package_path=NOWHERE,
        package_cache_path=NOWHERE,
    )
    made = compiler.compile(format=job["format"], ppi=job["ppi"], timestamp=job["stamp"])
    pages = [made] if isinstance(made, bytes) else list(made or ())
    sys.stdout.buffer.write(pages[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
