"""Which way is better for a metric, known by its name."""

import re

from advisor import languages

LOWER_IS_BETTER = frozenset(
    [
        "loss",
        "nll",
        "error",
        "err",
        "ppl",
        "perplexity",
        "wer",
        "cer",
        "ter",
        "mae",
        "mse",
        "rmse",
        "mape",
        "rmsle",
        "fid",
        "fid50k",
        "kid50k",
        "brier",
        "bpc",
        "bpb",
        "bpd",
        "eer",
        "epe",
        "hausdorff",
        "hd95",
        "lpips",
        "smape",
    ]
)
HIGHER_IS_BETTER = frozenset(
    [
        *("accuracy", "acc", "auc", "auroc", "auprc", "f1", "fbeta", "map", "ap", "iou", "miou", "dice", "precision", "prec", "recall"),
        *("aucpr", "prauc", "elbo", "jaccard", "exactmatch", "em", "cindex", "concordance", "uas", "las", "mota", "hota", "idf1"),
        *("sdr", "sdri", "sisdr", "sisnr", "stoi", "pesq", "bertscore"),
        *(
            "bleu",
            "rouge",
            "chrf",
            "meteor",
            "cider",
            "r2",
            "reward",
            "rew",
            "rewmean",
            "r",
            "return",
            "ssim",
            "psnr",
            "mcc",
            "matthews",
            "kappa",
        ),
        *(
            "top1",
            "top5",
            "correlation",
            "pearson",
            "spearman",
            "srcc",
            "plcc",
            "krcc",
            "ndcg",
            "mrr",
            "hits",
            "sensitivity",
            "specificity",
            "dsc",
            "elo",
            "hmean",
            "success",
            "win",
        ),
    ]
)

TELLING = HIGHER_IS_BETTER | LOWER_IS_BETTER

# Names that are one word, whatever stands within them.
_SPELLINGS = (
    (re.compile(r"(?<![A-Za-z])f[_\-]1(?!\d)", re.IGNORECASE), "f1"),
    (re.compile(r"(?<![A-Za-z])r(?:\^2|²|[ _\-]squared?)(?!\w)", re.IGNORECASE), "r2"),
    (re.compile(r"(?<![A-Za-z])exact[ _\-]match(?![A-Za-z])", re.IGNORECASE), "exactmatch"),
    (re.compile(r"(?<![A-Za-z])c[ _\-]index(?![A-Za-z])", re.IGNORECASE), "cindex"),
    (re.compile("IoU"), " iou "),
)


def as_one_word(name: str) -> str:
    """The name, with metrics of several words or signs as one word.

    >>> as_one_word("val_R^2"), as_one_word("Exact Match"), as_one_word("FWIoU")
    ('val_r2', 'exactmatch', 'FW iou ')
    """
    for spelling, word in _SPELLINGS:
        name = spelling.sub(word, name)
    return name


def higher_is_better(name: str) -> bool | None:
    """True or False as the last telling word of a metric's name says; None where no word does.

    >>> higher_is_better("metrics/mAP50-95(B)"), higher_is_better("validation/wer"), higher_is_better("val_BinaryF1Score")
    (True, False, True)
    >>> higher_is_better("entropy") is None
    True
    """
    for word in reversed(_words(name)):
        if word in LOWER_IS_BETTER:
            return False
        if word in HIGHER_IS_BETTER:
            return True
    return True if "score" in _words(name) else None  # of no kind that is known to be the other way round


def _words(name: str) -> list[str]:
    # BinaryF1Score: three words; mAP50: m and AP50; FWIoU: fw and iou
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", as_one_word(name))
    spaced = languages.spaced(apart).lower().replace("_", " ")
    words = languages.in_english(re.findall(r"[^\W\d_][^\W_]*", spaced))
    return [word if word in TELLING else _singular(word.rstrip("0123456789")) for word in words]


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word[:-1] in HIGHER_IS_BETTER | LOWER_IS_BETTER else word
