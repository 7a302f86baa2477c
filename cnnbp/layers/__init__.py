"""The reference CNN, in NumPy and nothing else: what is verified. One operator a file, forward above backward."""

from .activations import Identity, LeakyReLU, ReLU, Sigmoid, Softplus, Tanh
from .batch_norm2d import BatchNorm2d
from .conv2d import Conv2d
from .conv_transpose2d import ConvTranspose2d
from .dense import Dense
from .flatten import Flatten
from .loss import HalfSquaredError, SoftmaxCrossEntropy
from .network import Layer, Network
from .pooling import AvgPool2d, MaxPool2d

__all__ = [
    "AvgPool2d",
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "Dense",
    "Flatten",
    "HalfSquaredError",
    "Identity",
    "Layer",
    "LeakyReLU",
    "MaxPool2d",
    "Network",
    "ReLU",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Softplus",
    "Tanh",
]
