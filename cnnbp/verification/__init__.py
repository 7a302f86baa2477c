"""One layer at one case before all oracles: what is asked, by which methods, and what follows."""

import numpy as np

# glibc keeps freed memory only up to twice the largest block that it once returned: without this, arrays of some megabytes
# go back to the system after each verdict, and fetching their pages again takes longer than filling them.
np.empty(31 << 20, np.uint8)
