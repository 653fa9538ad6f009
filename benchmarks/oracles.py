"""What other tools' own writers write, read by us and compared value by value: `make oracles`, or `python benchmarks/oracles.py`.

Each tool that is installed writes the same two curves, with a NaN where it can, by its public interface.
"""

import contextlib
import io
import math
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from advisor.errors import ReadError
from advisor.readers import load_all
from advisor.run import Run

EPOCHS = 12
TRAIN = [2 / (1 + 0.5 * k) for k in range(EPOCHS)]
VAL = [2.2 / (1 + 0.4 * k) for k in range(EPOCHS)]
TRAIN[7] = math.nan
Expected = dict[str, list[float]]
BOTH = {"train_loss": TRAIN, "val_loss": VAL}
# No tool may ask for an account or a network.
QUIET = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "MLFLOW_ALLOW_FILE_STORE": "true", "KERAS_BACKEND": "torch",
         "DVCLIVE_TEST": "true", "DVC_NO_ANALYTICS": "1", "HF_HUB_OFFLINE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}  # fmt: skip


def torch_summary_writer(folder: Path) -> tuple[Path, Expected]:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(folder)) as writer:
        for k in range(EPOCHS):
            writer.add_scalar("loss/train", TRAIN[k], k)
            writer.add_scalar("loss/val", VAL[k], k)
    return folder, BOTH


def tensorboard_x(folder: Path) -> tuple[Path, Expected]:
    from tensorboardX import SummaryWriter

    writer = SummaryWriter(str(folder))
    for k in range(EPOCHS):
        writer.add_scalar("train/loss", TRAIN[k], k)
        writer.add_scalar("val/loss", VAL[k], k)
    writer.close()
    return folder, BOTH


def wandb_offline(folder: Path) -> tuple[Path, Expected]:
    import wandb

    run = wandb.init(dir=str(folder), mode="offline", project="oracle")
    for k in range(EPOCHS):
        run.log({"train/loss": TRAIN[k], "val/loss": VAL[k], "epoch": k})
    run.finish()
    return folder, BOTH


def mlflow_sqlite(folder: Path) -> tuple[Path, Expected]:
    _to_mlflow(f"sqlite:///{(folder / 'mlflow.db').as_posix()}", folder)
    return folder / "mlflow.db", BOTH


def mlflow_files(folder: Path) -> tuple[Path, Expected]:
    _to_mlflow((folder / "mlruns").as_uri(), folder)
    return folder, BOTH


def _to_mlflow(place: str, folder: Path) -> None:
    import mlflow

    mlflow.set_tracking_uri(place)
    client = mlflow.MlflowClient(place)
    run = client.create_run(client.create_experiment("oracle", (folder / "artifacts").as_uri()))
    for k in range(EPOCHS):
        client.log_metric(run.info.run_id, "train_loss", TRAIN[k], step=k)
        client.log_metric(run.info.run_id, "val_loss", VAL[k], step=k)
    client.set_terminated(run.info.run_id)


def lightning_csv(folder: Path) -> tuple[Path, Expected]:
    from lightning.pytorch.loggers import CSVLogger

    logger = CSVLogger(str(folder))
    for k in range(EPOCHS):
        logger.log_metrics({"val_loss": VAL[k], "epoch": k}, step=10 * (k + 1) - 1)
        logger.log_metrics({"train_loss": TRAIN[k], "epoch": k}, step=10 * (k + 1) - 1)
    logger.finalize("success")
    return folder, BOTH


def fabric_csv(folder: Path) -> tuple[Path, Expected]:
    from lightning.fabric.loggers import CSVLogger

    logger = CSVLogger(str(folder), flush_logs_every_n_steps=5)
    for k in range(EPOCHS):
        logger.log_metrics({"loss": TRAIN[k]}, step=k)
        if k % 3 == 2:  # a column that comes later: the file is written anew
            logger.log_metrics({"val_loss": VAL[k]}, step=k)
    logger.finalize("success")
    return folder, {"train_loss": TRAIN, "val_loss": VAL[2::3]}


def keras_csv(folder: Path) -> tuple[Path, Expected]:
    import keras
    import numpy as np

    log = folder / "log.csv"
    history = _fitted(keras, np, keras.callbacks.CSVLogger(str(log)))
    return log, {"train_loss": history["loss"], "val_loss": history["val_loss"], "val_accuracy": history["val_accuracy"]}


def keras_console(folder: Path) -> tuple[Path, Expected]:
    import keras
    import numpy as np

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        history = _fitted(keras, np, verbose=1)
    (folder / "train.log").write_text(printed.getvalue(), encoding="utf-8")
    return folder / "train.log", {"train_loss": history["loss"], "val_loss": history["val_loss"]}


def _fitted(keras: Any, np: Any, *callbacks: Any, verbose: int = 0) -> dict[str, list[float]]:
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).normal(size=(64, 4))
    model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    fit = model.fit(x, (x[:, 0] > 0).astype("float32"), epochs=EPOCHS, validation_split=0.25, verbose=verbose, callbacks=list(callbacks))
    return fit.history


def transformers_state(folder: Path) -> tuple[Path, Expected]:
    trainer = _trained(folder)
    trainer.save_state()
    logged = trainer.state.log_history
    return folder, {**_losses(logged), "lr": [record["learning_rate"] for record in logged if "learning_rate" in record]}


def transformers_console(folder: Path) -> tuple[Path, Expected]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        trainer = _trained(folder / "trained")
    (folder / "train.log").write_text(printed.getvalue(), encoding="utf-8")
    return folder / "train.log", _losses(trainer.state.log_history)


def _losses(logged: list[dict[str, Any]]) -> Expected:
    return {
        "train_loss": [record["loss"] for record in logged if "loss" in record],
        "val_loss": [record["eval_loss"] for record in logged if "eval_loss" in record],
    }


def _trained(folder: Path) -> Any:
    import torch
    from transformers import Trainer, TrainingArguments

    class Linear(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = torch.nn.Linear(4, 2)

        def forward(self, x: Any, labels: Any) -> dict[str, Any]:
            scores = self.layer(x)
            return {"loss": torch.nn.functional.cross_entropy(scores, labels), "logits": scores}

    torch.manual_seed(0)
    data = [{"x": x, "labels": int(x[0] > 0)} for x in torch.randn(64, 4)]
    arguments = TrainingArguments(
        str(folder), num_train_epochs=EPOCHS, eval_strategy="epoch", logging_strategy="epoch", save_strategy="no", report_to=[],
        disable_tqdm=True, use_cpu=True,
    )  # fmt: skip
    trainer = Trainer(Linear(), arguments, train_dataset=data, eval_dataset=data[:16])
    trainer.train()
    return trainer


def trackio_store(folder: Path) -> tuple[Path, Expected]:
    os.environ["TRACKIO_DIR"] = str(folder)
    import trackio

    trackio.init(project="oracle", name="one", embed=False)
    for k in range(EPOCHS):
        trackio.log({"train_loss": TRAIN[k], "val_loss": VAL[k]})
    trackio.finish()
    return folder, BOTH


def dvclive_folder(folder: Path) -> tuple[Path, Expected]:
    from dvclive import Live

    with Live(str(folder / "dvclive"), save_dvc_exp=False, report=None) as live:
        for k in range(EPOCHS):
            live.log_metric("train/loss", TRAIN[k])
            live.log_metric("val/loss", VAL[k])
            live.next_step()
    return folder, BOTH


def skorch_history(folder: Path) -> tuple[Path, Expected]:
    from skorch.history import History

    history = History()
    for k in range(EPOCHS):
        history.new_epoch()
        history.record("epoch", k + 1)
        history.record("train_loss", TRAIN[k])
        history.record("valid_loss", VAL[k])
    history.to_file(str(folder / "history.json"))
    return folder / "history.json", BOTH


def skorch_console(folder: Path) -> tuple[Path, Expected]:
    import numpy as np
    import torch
    from skorch import NeuralNetRegressor

    torch.manual_seed(0)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        net = NeuralNetRegressor(torch.nn.Linear(4, 1), max_epochs=EPOCHS, lr=0.05).fit(x, x[:, :1])
    (folder / "train.log").write_text(printed.getvalue(), encoding="utf-8")
    return folder / "train.log", {"train_loss": net.history[:, "train_loss"], "val_loss": net.history[:, "valid_loss"]}


def xgboost_console(folder: Path) -> tuple[Path, Expected]:
    import numpy as np
    import xgboost

    x = np.random.default_rng(0).normal(size=(200, 4))
    data = xgboost.DMatrix(x[:150], x[:150, 0] > 0), xgboost.DMatrix(x[150:], x[150:, 0] > 0)
    found: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        named = [(data[0], "train"), (data[1], "valid")]
        xgboost.train({"objective": "binary:logistic"}, data[0], EPOCHS, named, evals_result=found, verbose_eval=True)
    (folder / "out.log").write_text(printed.getvalue(), encoding="utf-8")
    return folder / "out.log", {"train_loss": found["train"]["logloss"], "val_loss": found["valid"]["logloss"]}


def lightgbm_console(folder: Path) -> tuple[Path, Expected]:
    import lightgbm
    import numpy as np

    x = np.random.default_rng(0).normal(size=(400, 4))
    train = lightgbm.Dataset(x[:300], (x[:300, 0] > 0).astype(int))
    valid = train.create_valid(x[300:], (x[300:, 0] > 0).astype(int))
    found: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        watched = [lightgbm.log_evaluation(1), lightgbm.record_evaluation(found)]
        lightgbm.train({"objective": "binary", "verbosity": 0}, train, EPOCHS, [train, valid], callbacks=watched)
    (folder / "out.log").write_text(printed.getvalue(), encoding="utf-8")
    valid = next(scores for name, scores in found.items() if name != "training")
    return folder / "out.log", {"train_loss": found["training"]["binary_logloss"], "val_loss": valid["binary_logloss"]}


WRITERS: tuple[Callable[[Path], tuple[Path, Expected]], ...] = (
    torch_summary_writer, tensorboard_x, wandb_offline, mlflow_sqlite, mlflow_files, lightning_csv, fabric_csv, keras_csv,
    keras_console, transformers_state, transformers_console, trackio_store, dvclive_folder, skorch_history, skorch_console,
    xgboost_console, lightgbm_console,
)  # fmt: skip


def compared(writer: Callable[[Path], tuple[Path, Expected]]) -> str:
    """`equal`, or what is not."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                path, expected = writer(Path(folder))
        except ImportError as missing:
            return f"not installed ({missing.name})"
        except Exception as failure:  # noqa: BLE001 - their writer, not our reader
            return f"could not write: {traceback.format_exception_only(failure)[-1].strip()[:150]}"
        try:
            runs = load_all(path)
        except ReadError as refusal:
            return f"REFUSED: {refusal}"
        wrong = [f"{len(runs)} runs"] if len(runs) > 1 else []
        wrong += [text for role, values in expected.items() if (text := difference(role, values, runs[0]))]
        return f"WRONG: {'; '.join(wrong)}" if wrong else f"equal ({runs[0].format}: {', '.join(expected)})"


def difference(role: str, values: list[float], run: Run) -> str:
    series = run.series.get(role)
    if series is None:
        return f"no {role}"
    same = len(series) == len(values) and all(
        math.isclose(ours, theirs, rel_tol=2e-3, abs_tol=1e-4) or (math.isnan(ours) and math.isnan(theirs))
        for ours, theirs in zip(series.values, values, strict=True)
    )
    return "" if same else f"{role} {list(series.values)[:4]} ({len(series)}), expected {values[:4]} ({len(values)})"


def main() -> int:
    os.environ.update(QUIET)
    results = {writer.__name__: compared(writer) for writer in WRITERS}
    for name, result in results.items():
        print(f"{name:<22} {result}")
    return int(any(result.startswith(("WRONG", "REFUSED")) for result in results.values()))


if __name__ == "__main__":
    sys.exit(main())
