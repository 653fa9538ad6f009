"""Fix → Config' → Run' → Verdict: tries what the findings propose, keeps what is proven to help. Trains through what it is given."""

from advisor.repair.attempts import Attempt, Attribution
from advisor.repair.candidates import advice
from advisor.repair.falling_short import beside_yardstick
from advisor.repair.outcome import Options, Outcome, serious, untried
from advisor.repair.search import planned, repair
from advisor.repair.session import DECLINED
from advisor.repair.trainer import Job, Made, Scores, Sweep, Tools, Trainer
from advisor.repair.verdict import Verdict

__all__ = [
    "DECLINED", "Attempt", "Attribution", "Job", "Made", "Options", "Outcome", "Scores", "Sweep", "Tools", "Trainer", "Verdict",
    "advice", "beside_yardstick", "planned", "repair", "serious", "untried",
]  # fmt: skip
