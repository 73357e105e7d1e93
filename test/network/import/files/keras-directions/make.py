"""Writes the Keras files of this folder, and what Keras computes with them, with TensorFlow 2.21 and Keras 3.15.

python3 make.py
"""
import json
import os

import keras
import numpy as np
from keras import layers as L

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = np.random.default_rng(5)
frames = random.normal(size=(2, 5, 3)).astype("float32")
B = L.Bidirectional
every = {"return_sequences": True}

networks = {
    "every": [B(L.LSTM(4, **every)), B(L.LSTM(3, **every)), L.Dense(2)],
    "gru": [B(L.GRU(4, **every)), L.BatchNormalization(), B(L.GRU(3)), L.Dense(2)],
    "sum": [B(L.SimpleRNN(4, **every), merge_mode="sum"), B(L.LSTM(3), merge_mode="sum"), L.Dense(2)],
    "ave": [B(L.GRU(4, reset_after=False, **every), merge_mode="ave"), L.TimeDistributed(L.Dense(2))],
    "back": [L.LSTM(4, go_backwards=True, **every), L.GRU(3, go_backwards=True), L.Dense(2)],
    "stack": [B(L.RNN([L.LSTMCell(4), L.LSTMCell(3)], **every)), L.Dense(2)],
    "cells": [L.RNN([L.LSTMCell(4), L.GRUCell(3)], go_backwards=True, **every), L.Dense(2)],
    "own": [B(L.LSTM(4, **every), backward_layer=L.GRU(4, go_backwards=True, **every)), L.Dense(2)],
    "bare": [B(L.LSTM(4), merge_mode="ave")],
    "mul": [B(L.LSTM(2), merge_mode="mul"), L.Dense(2)],
}
kinds = {"every": ("keras", "h5"), "gru": ("keras",), "back": ("keras", "h5"), "stack": ("keras",), "ave": ("keras",)}


def trained(weights):
    """Other numbers of the same shape; scales and variances stay above zero."""
    values = random.normal(size=weights.shape).astype("float32")
    return np.abs(values) + 0.2 if np.all(weights == 1) else 0.5 * values


expected = {"frames": frames.tolist(), "outputs": {}}
for name, layers in networks.items():
    network = keras.Sequential([keras.Input((None, 3)), *layers])
    network.set_weights([trained(weights) for weights in network.get_weights()])
    for kind in kinds.get(name, ("h5",)):
        network.save(f"{name}.{kind}")
        expected["outputs"][f"{name}.{kind}"] = network.predict(frames, verbose=0).tolist()
with open("expected.json", "w") as file:
    json.dump(expected, file)
