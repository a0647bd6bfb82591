"""What it was measured on."""

import datetime
import os
import pathlib
import platform


def describe():
    """Processor, cores, memory, system, how busy it is, and the day."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return (
        f"{_processor()}, {os.cpu_count()} cores, {_memory() / 2**30:.0f} GiB, "
        f"{platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f}, {today}"
    )


def _processor():
    info = pathlib.Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
