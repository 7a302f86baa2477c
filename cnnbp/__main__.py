"""`python -m cnnbp` is `cnnbp`."""

import sys

from .cli.main import main

sys.exit(main())
