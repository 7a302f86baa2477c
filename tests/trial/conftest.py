"""One thread: the arrays are small, and others share the machine."""

import torch

torch.set_num_threads(1)
