"""The rules of other tools, re-implemented on what our runs record; each file says what of ours stands in for what it reads itself."""

from rivals.autotrainer import autotrainer_2021, autotrainer_head
from rivals.base import Rival, Word
from rivals.constant import always, never
from rivals.deepdiagnosis import deepdiagnosis
from rivals.sagemaker import sagemaker
from rivals.thedeepchecker import thedeepchecker
from rivals.trainproof import trainproof

RIVALS: dict[str, Rival] = {
    "AutoTrainer 2021": autotrainer_2021,
    "AutoTrainer 2023": autotrainer_head,
    "DeepDiagnosis": deepdiagnosis,
    "SageMaker Debugger": sagemaker,
    "TheDeepChecker": thedeepchecker,
    "trainproof": trainproof,
    "always fires": always,
    "never fires": never,
}
__all__ = ["RIVALS", "Rival", "Word"]
