"""Runs that go on where they stopped: everything a step depends on is in one file, replaced in one move."""

import os
import random
from pathlib import Path

import numpy as np
import torch


def save(path, **state):
    """Writes beside the file and moves it into place, so that a kill leaves the old or the new one."""
    state["random"] = {
        "python": random.getstate(),
        "numpy": np.random.get_state(),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with open(unfinished, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)


def load(path, device):
    """The state of an earlier run, or None. Only files of one's own are read: a checkpoint can run code."""
    path = Path(path)
    if not path.exists():
        return None
    state = read(path, device)
    random.setstate(state["random"]["python"])
    np.random.set_state(state["random"]["numpy"])
    torch.set_rng_state(state["random"]["torch"].cpu())
    if state["random"]["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all([x.cpu() for x in state["random"]["cuda"]])
    return state


def read(path, device="cpu"):
    try:
        return torch.load(path, map_location=device, weights_only=False)
    except TypeError:
        # Before torch 1.13 there was no such argument, and 1.13 itself has it only in some builds.
        return torch.load(path, map_location=device)
