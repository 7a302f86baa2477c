"""`python -m cnnbp` is `cnnbp`."""

import sys

from .cli import main

sys.exit(main())
