"""`python -m viprules` and the command `viprules`: the command line, stopped quietly also while it is loaded."""

import sys

__all__ = ["main"]


def main() -> int:
    """Run the command line; gives the exit code."""
    try:
        from viprules.cli import main as run
    except KeyboardInterrupt:
        return 130
    return run()


if __name__ == "__main__":
    sys.exit(main())
