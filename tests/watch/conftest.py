import pytest
import torch
from torch import nn

import advisor
from advisor.watch import ranks


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    monkeypatch.delenv("RANK", raising=False)
    assert ranks.is_first()
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network(*, dropout=0.0):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Dropout(dropout), nn.Linear(16, 16), nn.Sigmoid(), nn.Linear(16, 3))


def batches(count, samples=8):
    draw = torch.Generator().manual_seed(1)
    return [(torch.randn(samples, 6, generator=draw), torch.randint(0, 3, (samples,), generator=draw)) for _ in range(count)]


def step(model, optimizer, batch):
    loss = nn.functional.cross_entropy(model(batch[0]), batch[1])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


def trained(folder=None, *, epochs=3, steps=12, model=None, optimizer=None, **options):
    """A plain loop, watched where a folder is given; returns the model and the watcher."""
    model = model or network()
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=1e-2)
    watcher = advisor.watch(model, optimizer, folder, quiet=True, **options).start() if folder else None
    for _ in range(epochs):
        losses = [step(model, optimizer, batch) for batch in batches(steps)]
        if watcher:
            watcher.log(train_loss=torch.stack(losses).mean(), val_loss=float(losses[-1]))
    if watcher:
        watcher.close()
    return model, watcher


@pytest.fixture
def loop():
    return trained


@pytest.fixture
def parts():
    """The pieces of a loop: network, batches, step."""
    return network, batches, step
