"""icu_data.py FROM TO: Qt's libicudata.so without what no window of ours asks for.

It is the one part of ICU that is all data: every language's names, orders and rules. Kept are the root's,
and how Turkish is sorted. Its format is ICU's common data (icu4c: udata.h, ucmndata.h): a header, a count,
and pairs of offsets to a name and an item, which count from the count.
"""

import struct
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

KEPT = """
root.res pool.res res_index.res supplementalData.res metadata.res keyTypeData.res likelySubtags.res
zoneinfo64.res timezoneTypes.res metaZones.res windowsZones.res numberingSystems.res plurals.res
coll/ucadata.icu coll/root.res coll/tr.res coll/res_index.res coll/pool.res cnvalias.icu
zone/root.res zone/pool.res zone/res_index.res uemoji.icu ulayout.icu
"""
ALIGNMENT = 16


def listed(library: Path, *what: str) -> list[list[str]]:
    """What readelf says, in words."""
    told = subprocess.run(["readelf", "-W", *what, library], check=True, capture_output=True, text=True)
    return [line.split() for line in told.stdout.splitlines()]


def data_of(library: Path) -> tuple[str, bytes]:
    """The data and the name that it has."""
    row = next(row for row in listed(library, "--dyn-syms") if row and row[-1].endswith("_dat"))
    address, size = int(row[1], 16), int(row[2], 0)
    for segment in (row for row in listed(library, "-l") if row[:1] == ["LOAD"]):
        offset, start, length = (int(segment[n], 16) for n in (1, 2, 4))
        if start <= address < start + length:
            begin = offset + address - start
            return row[-1], library.read_bytes()[begin : begin + size]
    raise SystemExit(f"icu_data.py: {library} holds no data")


def items_of(data: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    """The header, and each item by its path."""
    (header,) = struct.unpack_from("<H", data)
    body = data[header:]
    (count,) = struct.unpack_from("<I", body)
    pairs = [struct.unpack_from("<II", body, 4 + 8 * number) for number in range(count)]
    ends = [at for _, at in pairs[1:]] + [len(body)]
    names = [body[name : body.index(0, name)] for name, _ in pairs]
    return data[:header], {name: body[at:end] for name, (_, at), end in zip(names, pairs, ends, strict=True)}


def packed(header: bytes, items: dict[bytes, bytes]) -> bytes:
    """Items in the order of their names, aligned as ICU aligns them."""
    names = sorted(items)
    at_name = 4 + 8 * len(names)
    at_item = at_name + sum(len(name) + 1 for name in names)
    table, texts, body = struct.pack("<I", len(names)), b"", b""
    for name in names:
        body += bytes(-(at_item + len(body)) % ALIGNMENT)
        table += struct.pack("<II", at_name + len(texts), at_item + len(body))
        texts += name + b"\0"
        body += items[name]
    return header + table + texts + body


def link(data: bytes, symbol: str, soname: str, target: Path) -> None:
    """Make a library of the data, with binutils alone."""
    named = [f"--redefine-sym=_binary_data_start={symbol}", f"--set-section-alignment=.data={ALIGNMENT}"]
    constant = "--rename-section=.data=.rodata,alloc,load,readonly"
    with TemporaryDirectory() as folder:
        (Path(folder) / "data").write_bytes(data)
        for command in (
            ["ld", "-r", "-b", "binary", "-o", "raw.o", "data"],
            ["objcopy", *named, constant, "raw.o", "data.o"],
            [
                "ld",
                "-shared",
                f"-soname={soname}",
                "-z",
                "noexecstack",
                "-o",
                str(target.resolve()),
                "data.o",
            ],
        ):
            subprocess.run(command, check=True, cwd=folder)


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    symbol, data = data_of(source)
    header, items = items_of(data)
    kept = {path: item for path, item in items.items() if path.decode().split("/", 1)[1] in KEPT.split()}
    link(packed(header, kept), symbol, source.name, target)
    sys.stdout.write(f"{source.name}: {len(kept)} of {len(items)} items are kept\n")


if __name__ == "__main__":
    main()
