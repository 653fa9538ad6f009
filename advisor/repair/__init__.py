"""Fix → Config' → Run' → Verdict: tries what the findings propose, keeps what is proven to help. Trains through what it is given."""

from advisor.repair.attempts import Attempt
from advisor.repair.search import Options, Outcome, repair
from advisor.repair.trainer import Scores, Tools, Trainer
from advisor.repair.verdict import Verdict

__all__ = ["Attempt", "Options", "Outcome", "Scores", "Tools", "Trainer", "Verdict", "repair"]
