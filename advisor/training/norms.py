"""L2 norms of many tensors at once, left on their device: reading them is one transfer later on."""

from collections.abc import Sequence

import torch
from torch import Tensor

HALF = (torch.float16, torch.bfloat16)


@torch.no_grad()
def norms(tensors: Sequence[Tensor]) -> list[Tensor]:
    """The L2 norm of each tensor, in 32 bits or more."""
    return list(torch._foreach_norm([_dense(tensor) for tensor in tensors])) if tensors else []


def total(parts: Sequence[Tensor]) -> Tensor:
    """The L2 norm of tensors laid end to end, from the norms of each."""
    if not parts:
        return torch.zeros(())
    norm: Tensor = torch.linalg.vector_norm(torch.stack([part.to(parts[0].device) for part in parts]))
    return norm


def gradients(parameters: Sequence[Tensor]) -> list[Tensor]:
    """The gradients that the last backward pass left; parameters without one are left out."""
    return [parameter.grad for parameter in parameters if parameter.grad is not None]


def grad_norm(parameters: Sequence[Tensor]) -> Tensor:
    """The L2 norm of all gradients together, as it stands before clipping."""
    return total(norms(gradients(parameters)))


def _dense(tensor: Tensor) -> Tensor:
    values = tensor.detach().coalesce().values() if tensor.is_sparse else tensor
    return values.float() if values.dtype in HALF else values
