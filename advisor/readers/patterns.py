"""How lines of console output are written: counters, stamps, names with numbers, progress bars."""

import re

from advisor.readers.late import late

Match = re.Match[str]

# Every repetition here is possessive or short: lines of any shape must take time in proportion to their length.
# Only single characters are repeated possessively: for groups Python gets it wrong before 3.11.5.
ESCAPES = late(r"\x1b\[[0-9;?]*+[A-Za-z]|\x1b[()][0-9A-Z]|\x1b\][^\x07]{0,200}\x07")
PARTED = late(
    r"[\r\x08]+|(?<=\])(?=\{)|(?<=(?:it/s|s/it)\])(?=[^\W\d]|\d{2,4}[-/]\d\d[-/]\d\d)"
)  # drawn over, or printed right behind a progress bar
QUOTES = str.maketrans("'\"`", "   ")
COUNT = (
    r"(?:-|(?:\.\.\.)?\s*+[#:=]?+\s*+[\[(]?+\s*+)(\d{1,3}(?:,\d{3})+(?!\d|,\d{3})|\d++(?:\.\d++|(?!\.\d)))(?!:\d++(?!\.\d)|%|\s?m?s\b)"
    r"(?:\s*+/\s*+(\d++))?\s*+[\])]?"
)
MODE = r"(?:\s?+[\[(]([A-Za-z]\w{1,9}+)[\])])?"
EPISODE = r"(?<!per )(?<!training )(?<!eval )\bepisode\b(?!\s*+(?:reward|return|len|rew|score))|^\W*+game(?=\s++#?\d)"
# Train: [3/300][10/1251], Train: 3 [ 10/1251 (1%)]: no other word says that the first number is the epoch.
UNNAMED_EPOCH = r"\btrain(?:ing)?:(?=\s*+\[\s*+\d++/\d++\]\s?\[\s*+\d++/\d++\]|\s++\d++\s++\[\s*+\d++/\d++)"
# What a mean is taken over: the last 100 episodes.
WINDOW = late(r"(?<!\()\b(?:the )?(?:last|past|previous) \d++ (?:episode|epoch|game|step|iteration|trial)s?\b", re.IGNORECASE)
EPOCH_WORD = (
    r"(?<!time/)(?<!over )\b(?:epoch|ep|round)\b(?:\.(?!\.))?|\bepoch_?(?=\d++(?![\w.]))|\b(?:epoche|epoca|epok|epoka)\b|^\W*+e(?=\d)"
    r"|^\W*+(?:train|test|val|valid)(?=\s\d++,\sloss\b)"  # Train 3, loss: 0.5
)
EPOCH = late(
    rf"(?:{EPOCH_WORD}|{EPISODE}|{UNNAMED_EPOCH})(?:\s(?:number|no|nr|num|n)\b[.°]?)?{MODE}{COUNT}"
    r"(?:\s*+,?+\s*+\[\s*+(\d++)\s*+/\s*+(\d++)[^\]]{0,40}\]?)?",
    re.IGNORECASE,
)
# The same in other languages, looked for in lines that are not ASCII alone.
FOREIGN_EPOCH = late(
    rf"(?:에포크|에폭|세대|轮次|轮数|周期|回合|エポック数?|エピソード|에피소드|\b(?:épocas?|époque|эпох[аи]|эпизод)\b)()?{COUNT}"
    r"(?:\s*+,?+\s*+\[\s*+(\d++)\s*+/\s*+(\d++)[^\]]{0,40}\]?)?",
    re.IGNORECASE,
)
FOREIGN_STEP = late(
    rf"(?:迭代次数|迭代|步数|ステップ数?|イテレーション|反復|스텝|이터레이션|반복|\b(?:итерация|шаг|étape|itération|iteración|iteração)\b)()?{COUNT}",
    re.IGNORECASE,
)
GLOBAL_STEP = late(rf"\bglobal[_ ]step\b{MODE}{COUNT}", re.IGNORECASE)
STEP = late(
    rf"(?:\b(?:step|iteration|iter|iters|ite|itr|update|timestep)s?\b|^\W*+(?:frame|rollout)(?=\s++\d)|^\s*+s(?=:\d)|\bUp\.){MODE}{COUNT}",
    re.IGNORECASE,
)
GLOG_STEP = late(r"^[IW]\d{4} .{0,80}?\]\s\[(\d++)\]\s(?=[^\W\d])")  # as JAX's loops log: I1002 ... writer.py:35] [936] loss=0.1
BATCH = late(
    rf"(?<!\d)(\d++)\s*+/\s*+(\d++)\s++batches|(?:^\W*+|\bINFO\s++)[A-Za-z]++:\s*+\[\s*+(\d++)\s*+/\s*+(\d++)\s*+\]|(?<!time/)\b(?:mini_?)?batch\b{COUNT}"
    r"|:\d++-(\d++)batch\b",  # 2epoch:train:376-750batch:, as ESPnet prints
    re.IGNORECASE,
)
BAR = late(r"^\s*+(\d++)/(\d++)\s*+(?=[\[━ ].{0,400}?(?:step|\]|━)|- \d++s - )")  # Keras: 25/25 [====] - 1s 3ms/step; 25/25 - 1s
DRAWN = late(r"(?<!\d)(\d{1,2})%\|")  # tqdm, before it is at 100 %
UNFINISHED = late(r"^\s*+\d++/\d++\s.{0,200}?\bETA:")  # Keras, before an epoch is over
DRAWN_COUNT = late(r"\|\s*+(\d++)/(\d++)\s*+\[\d")  # tqdm: |##  | 10/200 [00:05<01:35
BEGUN_BAR = late(r"^\s*+\[[=>.]{10,}+\]")  # [=====>...]  Loss: 1.2 | Acc: 40% (5/10) 39/391
LAST_COUNT = late(r"(?<=\s)(\d++)/(\d++)\s*+$")
DARKNET = late(r"^\s*+(\d++)\s*+:\s*+([\d.]++|-?nan),\s*+([\d.]++|-?nan)\s++avg(?: loss)?,\s*+([\d.e\-]++)\s++rate")
# How the COCO evaluation prints; the first is the mean over overlaps, the second that at one half.
COCO = late(r"^.{0,200}?\bAverage Precision\s++\(AP\) @\[ IoU=0\.50(:0\.95)?\s++\| area=\s*+all \| maxDets=\s*+\d++ \] = (-?[\d.]++)")
COCO_PART = late(r"\bAverage (?:Precision|Recall)\s++\(A[PR]\) @\[")
AVERAGE = late(r"\s*+\(\s*+(-?\d++\.?\d*+(?:[eE][-+]?\d++)?)\s*+\)")  # Loss 1.2 (1.4): of this batch, and of all so far
EPOCH_BEFORE = late(
    r"(?:(?<!/)\b|第)(\d++)(?:-?(?:st|nd|rd|th))?\s?(?:epoch\b|번째 에포크|轮|エポック)|^\W*+after (\d++) epochs(?=[,:])", re.IGNORECASE
)
# After 100 training step(s), loss is 0.5; Cost after 100 iterations is 0.5
STEP_BEFORE = late(
    r"(?:^\W*+after (\d++) (?:training )?(?:steps?|iterations?|iters?)(?:\(s\))?(?=[,:])"
    r"|(?<=\w )after (\d++) (?:steps|iterations|iters)(?=:| is | = ))",
    re.IGNORECASE,
)
# What is left of counters between a name and its number: Loss at step 100: 0.5; Cost after iteration 100: 0.5; loss (epoch 3, step 5): 0.5
BETWEEN = late(
    r"(?<=[\w)])(?:\s?[\[(]|\s(?:at|after|of|in|for|on|during)(?: the)?\s)?\s*+(?:\|[\s,)\]\-]*+){1,3}"
    r"(?:(?=[:=]\s*+[-\d.n])|(?:is|was)(?: equal to)?:?\s(?=[-\d.n]))"
)
# What a mean is taken over, between its name and its value: Mean test loss of 258 batches: 0.68
OF_MANY = late(
    r"\b(?:of|over|on|for) \d++ (?:batch(?:es)?|samples|examples|images|sequences|sentences|graphs|frames)\b(?=\s*+[:=])", re.IGNORECASE
)
HYPHENED = late(r"(?:(?<=loss)|(?<=\bacc))-(?=\d++\.\d++(?![\w:=.\-]))", re.IGNORECASE)  # train loss-0.5, valid acc-80.1%
ARROW = late(r"(?:(?<=[^\W\d])|(?<=[^\W\d]\d))->(?=\s?-?[\d.])")  # loss->0.5
PYTHON_2 = late(r"^\((?='.{1,40}',|\".{1,40}\",)")  # ('Epoch:', 3, 'Loss:', 0.5)
PAIR_OF_COUNTS = late(
    r"^(?:[\s\[\]:\-|>#*]|INFO\b|root\b|rank ?\d){0,60}?\[\s*+(\d++)\s*+,\s*+(\d++)\s*+\]"
)  # [epoch, batch], as PyTorch's tutorials print
LEADING = late(
    r"^[\s\[(#|>*]*+(?:-\s++[\[(]?)?(?:(?:[A-Za-z]\w{0,30} - )?(?:INFO|Info)\b(?::\w{1,30}:)?[\s\[\](:|\-]*+)?"
    r"(\d++)\s*+(?:(?:/\s*+\d++\s*+)?[\])|:,\t]|(?=(?:train|val)\s))"
)
STAMP = late(r"\d{4}[-/]\d\d[-/]\d\d[T ]?|\d{1,2}:\d\d:\d\d(?:[.,]\d++)?|(?<![\w/.\-])[\w/\-]++\.(?:py|cpp|cc|cu|go|rs|jl|lua|java):\d++")
# Two splits in one name: train/val loss: 0.5/0.6, loss (train/val): 0.5 / 0.6
PAIRED = late(
    r"(?<![\w/])(?:(?P<name>[^\W\d]\w{1,20}) \(?)?(?P<one>train(?:ing)?)/(?P<other>val(?:id(?:ation)?)?|test|dev)\)?"
    r"(?:[ _](?P<last>[^\W\d]\w{1,20}+))?\s*+[:=]?+\s*+(?P<first>VALUE)\s?/\s?(?P<second>VALUE)".replace("VALUE", r"-?\d++\.\d++%?|nan"),
    re.IGNORECASE,
)
# The same without a word for them, for a whole epoch: loss 0.5890/0.5165 dice 0.4102/0.4835
SLASHED = late(r"(?<![\w/.\-])(?P<name>[^\W\d][\w\-]{0,20})\s?[:=]?+\s?(?P<one>\d++\.\d++)\s?/\s?(?P<other>\d++\.\d++)(?![\w.%/])")
BARE_VALUE = late(r"^\s*+[\[(]?-?(?:\d++\.?\d*+(?:[eE][-+]?\d++)?|nan|inf)[\])]?\s*+$", re.IGNORECASE)
# The step between the name and its value: Train loss 100 0.5, Validation loss 100: 0.5
STEP_BEHIND = late(r"\bloss (?:at step )?(\d++)(?:\s?:)?\s++(?=\d++\.\d)", re.IGNORECASE)
DL4J = late(r"^.{0,200}?\bScore at iteration (\d++) is (-?[\d.]++(?:[eE][-+]?\d++)?|NaN)")
R_OPTIM = late(r"^iter\s++(\d++) value (-?[\d.]++|nan|Inf)\s*+$")  # R's nnet and optim
L_BFGS = late(r"^At iterate\s++(\d++)\s++f=\s*+(-?[\d.]++D[+-]\d++)\s++\|proj g\|=\s*+([\d.]++D[+-]\d++)")  # SciPy's
# 0m 12s (- 3m 4s) (5 5%) 2.8512: time, what remains, step, how far that is, and the loss, as PyTorch's sequence tutorials print
ELAPSED = late(r"^\s*+(?:\d++h )?\d++m \d++s \((?:-\s?(?:\d++h )?\d++m \d++s\) \()?(\d++) \d{1,3}%\) (\d++\.\d++|nan)\s*+$")
GENSIM = late(r"^.{0,200}?(?<![\w.-])(-?[\d.]++) per-word bound, ([\d.]++) perplexity estimate based on a held-out corpus")
# Step 10: eval  CrossEntropyLoss |  1.61, as Trax prints
BARRED = late(r"^(\s*+step\s++\d++:\s(?:train|eval)\s[^|:=]{1,60})\|(?=\s*+-?[\d.]++\s*+$)", re.IGNORECASE)
MACE = late(r"\bepoch \d++:.{0,60}?\bloss=\s*+[\d.]++, (?:RMSE|MAE)_E(?:_per_atom)?=", re.IGNORECASE)
TESSERACT = late(r"^At iteration (\d++)/\d++/\d++, .{0,60}?\b(?:char|BCER) train=([\d.]++)%")
THOUSANDS = late(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
VALUE = (
    r"[-+]?(?:\d{1,3}(?:,\d{3})+(?!,?\d)(?:\.\d++)?|\d++,\d++(?![.,]?\d)(?:[eE][-+]?\d++)?|\d++\.\d++f-?\d++|\d++\.?+\d*+(?:[eE][-+]?\d++)?"
    r"|\.\d++(?:[eE][-+]?\d++)?|nan\b|inf(?:inity)?\b)"
)
WORD = r"(?!(?<!of )(?:nan|inf)\b)(?:\d[a-z]_)?[^\W\d][\w@/.\-+^]*+"  # also 3d_loss; nan is a value but in "number of nan iterations"
NAMED = late(
    rf"(?<!\w)({WORD}(?: (?:\([A-Za-z]\w{{0,20}}\)|{WORD})){{0,5}})(?:\s*+\([A-Za-z%][^()]{{0,20}}+\))?"
    rf"(\s*+(?::{{1,2}}|=++>?|->|→|≈|~|\.{{3,}}|(?<=\s)-(?=\s))\s*+|\s++)[\[(]?+\s*+(?:(?:tensor|param|array)\(\s*+)?({VALUE})(?:\s?/\s?(\d++)\b)?"
    r"(\s?%|\s(?:s|ms|secs?|seconds)\b(?!\s*+[:=\d])|(?=[a-z_]{2,20}[:=])|[A-Za-z/]*+)(?!:?\d)",
    re.IGNORECASE,
)
SPLIT = late(r"^\W*+(?:[A-Za-z_]++ - )*(?:(?:info|debug|root)\W++)*(?:\d++\s*+:\s*+)?\W*+([A-Za-z]++)(?!\.\w)", re.IGNORECASE)
SPLIT_WORD = r"train|training|valid|validation|validating|validate|val|eval|evaluation(?! metric)|evaluating|test|testing|dev|cv"
# Where a part of a line begins that is about one split: [train], Val:, 'val': {, test(
MARKER = late(rf"(?<![\w/.\-])({SPLIT_WORD})(?: (?:set|results?|metrics))?\s{{0,3}}(?:[:\])({{|]|\[)", re.IGNORECASE)
# The same anywhere before the first name, as a word of its own.
SPLIT_BEFORE = late(rf"(?<![\w/.\-$])({SPLIT_WORD})(?![\w/.\-=])", re.IGNORECASE)
# What is said outright to be the split: Phase: Training, Dataset used: Validation; Evaluating test:
SPLIT_NAMED = late(
    rf"\b(?:(?:data ?set|split|subset|partition)(?: used)?\s*+[:=]\s*+|(?:evaluating|testing)(?: on)?(?: the)? (?=\w++(?: set)?\s*+:))"
    rf"({SPLIT_WORD})\b",
    re.IGNORECASE,
)
AFTER_TRAINING = late(r"saving dict for global step|(?:^|\bINFO)\s*+\*\s(?!\W*+epoch\b)|^\W*+(?:\S++ ){0,8}?cur metric\b", re.IGNORECASE)
HEADING = late(
    r"^\W*+(?:\S++\s++INFO\W++|(?:INFO|rank ?\d++)\b\W++(?:\w{1,30}:)?)?(?:[\w.]++ - )*"
    rf"(?:(?:running|starting|start|begin) )?({SPLIT_WORD})\b[^=|]{{0,60}}$",
    re.IGNORECASE,
)
BEST_OF_ALL = late(r"\bbest (?:iteration|epoch|step)s?\b[^:=]{0,20}:$", re.IGNORECASE)  # said again, on the next line
BEST_YET = late(  # said once more
    r"(?:^|\W)best (?:metric|result|score|model)s?\s*+(?:[,:]|saved with)\s.{0,200}?[:=]|最[佳优好]的?模型.{0,200}?[:=：]"
    r"|^\W*+(?:new )?best (?:[A-Za-z]{1,20} ){1,3}saved?\b.{0,20}?[:=(]\D{0,20}?\d"  # Best model saved (F1: 0.71)
    r"|^(?:(?!loss|acc)[^=|]){0,60}?\bsav(?:ed|ing)\b.{0,40}?\bbest\b.{0,60}?[:=(]\D{0,20}?\d",  # Saved new best checkpoint: acc=70.5
    re.IGNORECASE,
)
WORDS = late(r"\b(?!(?:nan|inf)\b)[^\W\d_]++", re.IGNORECASE)
# What lines of a program begin or end with, and lines of a log do not.
CODE_LINE = late(r"^\s*+(?:def |class |import |from \S++ import |return\b|assert\b|#include|const |let |var |function )|;\s*+$")
SPLIT_IN_BARS = late(r"\|\s*+(train|valid|val|validation|test|dev|eval)\s*+\|", re.IGNORECASE)
