#!/usr/bin/env python3
"""Makes golden/bad: a malformed file for each rejection rule, from golden files by small edits.

    make_bad.py GOLDEN    writes the files of GOLDEN/bad that are missing, and codes.csv

After an edit the checksums are made right again, so that the rule itself is broken and not the
checksum over it; edits of a checksum, or of the whole file, are left as they are.
"""

import sys
from pathlib import Path

from assembler import patched
from bad_container import CONTAINER
from bad_encodings import ENCODINGS
from bad_pages import PAGES
from bad_schema import SCHEMAS
from bad_whole import WHOLE


def main():
    golden = Path(sys.argv[1])
    bad = golden / "bad"
    bad.mkdir(exist_ok=True)
    lines = ["file,code,base,edit"]
    edits = sorted(CONTAINER + SCHEMAS + PAGES + ENCODINGS + WHOLE, key=lambda edit: edit[0])
    for name, code, base, edit, patches in edits:
        path = bad / f"{name}.hseg"
        if not path.exists():
            path.write_bytes(patched((golden / f"{base}.hseg").read_bytes(), patches))
        lines.append(f"{name},{code},{base},{edit}")
    (bad / "codes.csv").write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
