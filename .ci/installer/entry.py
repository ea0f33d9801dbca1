"""What the programs in the bundle run: the same as the command ``psf-monitor``."""

import sys

from psf_monitor.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
