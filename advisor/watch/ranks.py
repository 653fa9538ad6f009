"""Several processes that train one network: the first records, and all of them stop together."""

import os

import torch
from torch import distributed


def is_first() -> bool:
    """Whether this process is the one that records: rank 0, or there is only one."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank() == 0
    rank = os.environ.get("RANK", "0")  # torchrun's, before the group is made
    return rank == "0" or not rank.isdigit()


def agreed(mine: bool) -> bool:
    """What rank 0 says; every process asks alike, or all wait."""
    if not (distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1):
        return mine
    device = torch.device("cuda", torch.cuda.current_device()) if distributed.get_backend() == "nccl" else torch.device("cpu")
    said = torch.tensor([int(mine)], device=device)
    distributed.broadcast(said, src=0)
    return bool(said.item())
