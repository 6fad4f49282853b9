"""Payoffs of options from normal scores, written out: what the worth of knowing an answer is measured on."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ANSWERS, TWELVE = 30, 12
_OWN = 6
_EFFECT, _COST, _RUNNING, _ONE_OFF = (
    (1.0, 1.15, 1.3, 1.4),
    (0.05, 0.07, 0.1, 0.12),
    (3e3, 4e3, 5e3, 6e3),
    (2e4, 5e4, 7e4, 9e4),
)


def smooth(z: Floats) -> Floats:
    """Nothing, and four options that share six answers and have six of their own: 30 answers, no jumps."""
    volume, value, harm, churn, base, growth = z[:6]
    uses = 5e4 * np.exp(0.35 * volume + 0.1 * growth)
    worth = 9.0 * np.exp(0.25 * value)
    payoffs = [np.zeros(z.shape[1])]
    for at, (gain, price, running, one_off) in enumerate(zip(_EFFECT, _COST, _RUNNING, _ONE_OFF, strict=True)):
        effect, wrong, cost, speed, kept, build = z[6 + _OWN * at : 6 + _OWN * (at + 1)]
        margin = 0.03 * gain * np.exp(0.3 * effect + 0.2 * base) * worth * _share(0.8 + 0.4 * kept)
        margin -= price * np.exp(0.3 * cost) + 0.3 * _share(-2.0 + 0.5 * wrong) * np.exp(0.3 * harm)
        monthly = uses * _share(1.2 + 0.5 * speed - 0.2 * churn) * margin - running
        payoffs.append(24 * monthly - one_off * np.exp(0.4 * build))
    return np.stack(payoffs)


def gated(z: Floats) -> Floats:
    """The same with gates: where one is shut, what was built is lost."""
    found = smooth(z)
    build = [one_off * np.exp(0.4 * z[11 + _OWN * at]) for at, one_off in enumerate(_ONE_OFF)]
    shut = (z[7] > 1.3, (z[3] > 0.8) | (z[16] > 1.1), z[22] < -0.9, (z[28] > 0.6) & (z[4] > -0.4))
    for at, closed in enumerate(shut):
        found[at + 1] = np.where(closed, -build[at], found[at + 1])
    return found


def twelve(z: Floats) -> Floats:
    """Nothing and two options, twelve answers."""
    uses, worth = 5e4 * np.exp(0.35 * z[0]), 9.0 * np.exp(0.25 * z[1])
    payoffs = [np.zeros(z.shape[1])]
    for at, (gain, price, one_off) in enumerate(((1.0, 0.06, 4e4), (1.2, 0.1, 7e4))):
        effect, wrong, cost, kept, build = z[2 + 5 * at : 7 + 5 * at]
        margin = 0.03 * gain * np.exp(0.3 * effect) * worth * _share(0.8 + 0.4 * kept)
        margin -= price * np.exp(0.3 * cost) + 0.3 * _share(-2.0 + 0.5 * wrong)
        payoffs.append(24 * (uses * 0.7 * margin - 4e3) - one_off * np.exp(0.4 * build))
    return np.stack(payoffs)


def _share(score: Floats) -> Floats:
    """Something between 0 and 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-1.7 * score)))
