"""``python -m harvester`` is the same door as the ``harvester`` command."""

from harvester.cli import main

if __name__ == "__main__":
    main()
