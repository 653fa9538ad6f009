"""The words that logs use, by what they say. A name is understood by them alone, see `names`."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPLITS = {
    **dict.fromkeys(_set("train tr trn training fit main rollout learn"), "train"),
    **dict.fromkeys(_set("val vali vld valid validation eval evaluation dev vl va validate heldout holdout cv crossval"), "val"),
    **dict.fromkeys(_set("test tst testing ts te"), "test"),
}
# Written without a gap, or cut to a few letters, by one tool or another.
SHORTHAND = {
    "trl": "train loss",
    "tel": "val loss",
    "tloss": "train loss",
    "vloss": "val loss",
    "tacc": "train acc",
    "vacc": "val acc",
    **dict.fromkeys(_set("lr0 lr1 lr2"), "lr"),
    "lossval": "val loss",
    "accval": "val acc",
    "gnorm": "grad norm",
    "gradnorm": "grad norm",
    "learningrate": "learning rate",
    "logloss": "loss",
    "mlogloss": "loss",
    "merror": "error",
    "microf1": "micro f1",
    "macrof1": "macro f1",
    "globalstep": "global step",
    "nupdates": "num updates",
    "timesteps": "time steps",
    "perp": "ppl",
    "tot": "total",
    "accy": "acc",
    **dict.fromkeys(_set("accuarcy accuray acuracy accurcy accruacy accurancy"), "accuracy"),  # as people misspell it
    **dict.fromkeys(_set("validaton vaildation validataion"), "validation"),
    **dict.fromkeys(_set("traning trainning traing trainig"), "training"),
    "spearmanr": "spearman",
    "pearsonr": "pearson",
    "rew": "reward",
    "rewmean": "reward mean",
    "ret": "return",
    **{f"{word}s": word for word in _set("reward return score error rmse mae mse auc psnr ssim iou f1")},
}
JUDGED = ("loss", "accuracy", "metric")  # kinds of names that tell how good a model is
LOSS = _set("loss losses cost nll objective criterion elbo")
# Losses that are as often logged as metrics beside one; taken as the loss where there is no other.
ENTROPY = _set("crossentropy nll xent")  # a loss wherever its own split has no other
LOSS_LIKE = _set("nll ce bce xent crossentropy mse mae rmse huber kl error err bpc bpb")
ACCURACY = _set("accs acc accuracy accu top1 acc1 prec1 oa aacc accuracies")
NOT_FIRST = _set("5 top5 3 10 balanced")  # an accuracy of another kind
EPOCH = _set("epoch epochs ep episode episodes round rounds")
STEP = _set("step steps iteration iterations iter iters ite it itr update updates timestep batch minibatch")
TIME = _set("time times seconds sec secs elapsed hours minutes timestamp duration walltime runtime hrs mins relative wall wallclock")
RATE = _set("per samples sample tokens words examples images fps ips throughput speed it")  # beside a unit of time: how many, not how long
OFTEN = _set("step iter iteration iterations batch minibatch running")
# With one of these the value is about the loss or the machine, and is not it.
ABOUT = _set(
    "second seconds sec per flos tflops flops mfu memory mem gpu cpu examples samples sample tokens throughput eta fps min max std "
    "count num number scale scaler weight weights size confusion curve hp ratio lambda coef coefficient patience prev previous delta diff "
    "variance stddev stderr remaining percentage progress support grads params id seed temperature "
    "improved improve did from config cfg hparams args"
)
# What it was at another time, or of one of two answers that preference training tells apart.
BEST = _set("best worst highest lowest chosen rejected margin margins")
NEUTRAL = _set(
    "avg average mean total overall global combined final current set metrics metric log scalars scalar the of all so far 0 main value ptl"
)
# Seconds that PaddlePaddle calls costs, and the norm of the weights that scikit-learn prints beside how many are not zero.
SECONDS, WEIGHTS = frozenset({"reader_cost", "data_cost"}), "NNZs"
SPREAD = _set("std min max var")  # how far values lie apart: no measure of how good they are
# What may stand beside the words of an axis without making it something else.
BESIDE_EPOCH = _set("server current num number nr no index trainer global n id")
BESIDE_STEP = _set("global current time trainer num number n env no index count total state optimizer opt micro idx id done taken")
# Plans, not counters: they are the same in every row.
PLANS = frozenset(
    {("total", "steps"), ("total", "iters"), ("total", "iterations"), ("total", "batches"), ("num", "steps"), ("time", "step")}
)

# Families of losses whose sum is the whole, as the tools that write them say.
PARTS = (
    _set("box cls dfl obj seg pose kobj angle sem rle giou l1 om oo aux"),  # Ultralytics, YOLOv5 and its kin
    _set("cls box reg mask rpn loc keypoint bbox centerness ctrness roi s0 s1 s2 sem seg point dn iou aux dice"),  # detectron2, mmdet
)
# A loss of this name is the one that is trained on, where the others are not named so.
MAIN_LOSSES = _set("ctc ce xent cross entropy nll mlm lm bce mse categorical classification task model")
# What is measured on held-out data alone: ranking, and texts that a model wrote.
EVALUATED = _set("ndcg mrr hit hits hr bleu sacrebleu chrf rouge rougel meteor cider fid kid")
# Metrics, the most telling first.
METRICS = tuple(
    _set(group)
    for group in (
        *(
            "map ap segm bbox",
            "map50",
            "f1 hmean",
            "auc auroc rocauc",
            "auprc aucpr prauc",
            "mcc matthews",
            "iou miou jaccard",
            "dice dsc",
            "bleu sacrebleu",
            "exactmatch em uas las mota hota idf1 cindex concordance sdr sdri sisdr sisnr stoi pesq bertscore",
        ),
        *("chrf", "rouge rougel", "meteor cider", "wer", "cer", "eer", "ppl perplexity", "r2", "psnr", "ssim", "fid lpips", "kappa"),
        *(
            "pearson spearman correlation",
            "ndcg mrr",
            "reward return",
            "balanced",
            "hits success win elo",
            "error err",
            "mae mse rmse mape",
        ),
        *("recall precision prec sensitivity specificity", "top5 5"),
    )
)
AXES = {
    "step": (
        "global step",
        "time steps",
        "steps",
        "step",
        "update",
        "updates",
        "iteration",
        "iterations",
        "iter",
        "iters",
        "itr",
        "it",
        "batch",
    ),
    "epoch": ("epoch", "epochs", "ep"),
    "time": ("elapsed", "total time", "total duration", "wall", "time", "seconds", "runtime", "timestamp", "hours", "minutes"),
}
