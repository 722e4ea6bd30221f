"""Section 3.3, score against accuracy: what does interpretability cost? Runs nothing that roar would not."""

from experiments.experiment import Findings, Measured
from experiments.roar import Roar
from experiments.roar.study import RoarStudy


class TradeOff(Roar):
    """Takes roar's measurements, made first where they are missing."""

    name = "tradeoff"
    section = "3.3"
    title = "Interpretability against accuracy: what does a high score cost?"

    def findings(self, measured: Measured[RoarStudy]) -> Findings | None:
        from experiments.roar.analysis import Scores
        from experiments.tradeoff.analysis import TradeOffs
        from experiments.tradeoff.claims import alerts, claims

        scores = Scores(measured)
        if not scores.anything:
            return None
        trade_offs = TradeOffs(scores)
        return Findings(trade_offs.tables(), claims(trade_offs), alerts(trade_offs), {})


EXPERIMENT = TradeOff()
