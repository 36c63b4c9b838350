"""`python -m corpusalign` is the command line."""

import sys

from corpusalign.cli import main

sys.exit(main())
