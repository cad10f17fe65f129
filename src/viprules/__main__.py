"""`python -m viprules` is the command line."""

import sys

from viprules.cli import main

if __name__ == "__main__":
    sys.exit(main())
