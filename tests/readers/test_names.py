"""Names are understood by the words in them."""

import pytest

from advisor.readers.names import understood

MEANINGS = {
    "loss": ("", "loss"),
    "val_loss": ("val", "loss"),
    "Validation Loss": ("val", "loss"),
    "validation/main/loss": ("val", "loss"),
    "main/loss": ("train", "loss"),
    "trainLoss": ("train", "loss"),
    "testacc": ("test", "accuracy"),
    "train/ctc_loss": ("train", "loss"),
    "my-run-7 - epoch/val_loss": ("val", "loss"),
    "reader_cost": ("", "time"),
    "loss_l_forw_fit": ("", "loss"),
    "потери_валидации": ("val", "loss"),
    "de_loss": ("", "loss"),
    "trl": ("train", "loss"),
    "tel": ("val", "loss"),
    "검증 손실": ("val", "loss"),
    "top1Accuracy": ("", "accuracy"),
    "Prec@1": ("", "accuracy"),
    "sparse_categorical_accuracy": ("", "accuracy"),
    "top5Accuracy": ("", "metric"),
    "train_BinaryF1Score": ("train", "metric"),
    "metrics/mAP50-95(B)": ("", "metric"),
    "valid ppl": ("val", "metric"),
    "rollout/ep_rew_mean": ("train", "metric"),
    "lr-Adam/pg1": ("", "lr"),
    "current_lr": ("", "lr"),
    "learningRate": ("", "lr"),
    "grad_2.0_norm_total": ("", "grad_norm"),
    "gnorm": ("", "grad_norm"),
    "norm": ("", "grad_norm"),
    "trainer/global_step": ("", "step"),
    "total timesteps": ("", "step"),
    "current_steps": ("", "step"),
    "Epoch": ("", "epoch"),
    "train/epoch": ("train", "epoch"),
    "Epoch Time": ("", "time"),
    "loss_scale": ("", ""),
    "bceloss": ("", "loss"),
    "te_loss": ("test", "loss"),
    "val_f_1": ("val", "metric"),
    "best EMA pseudo Dice": ("", ""),
    "best_episode_reward": ("", ""),
    "nll_per_token": ("", "loss"),
    "tokens_per_second": ("", ""),
    "FWIoU1": ("", "metric"),
    "eval/success_rate": ("val", "metric"),
    "total_norm": ("", "grad_norm"),
    "steps_done": ("", "step"),
    "best_val_loss": ("val", ""),
    "eval_samples_per_second": ("val", ""),
    "val_loss__MAX": ("val", ""),
    "total_steps": ("", ""),
    "weight_norm": ("", ""),
    "entropy": ("", ""),
}


@pytest.mark.parametrize("text", MEANINGS)
def test_a_name_says_its_split_and_kind(text):
    split, kind = MEANINGS[text]
    assert understood(text).kind == kind
    assert not kind or kind in ("step", "lr", "grad_norm", "time") or understood(text).split == split


def test_a_suffix_tells_how_often_a_value_is_logged():
    assert [understood(name).level for name in ("train_loss_step", "train_loss_epoch", "train_loss", "batch/loss")] == [
        "step",
        "epoch",
        "",
        "step",
    ]
