"""A gated recurrent unit on weekly steps (Cho et al. 2014), in JAX: no features of ours.

No dropout and few units: some ten thousand rows of a few thousand customers teach no more. Weight
decay and the number of epochs keep it from learning them by heart.
"""

from typing import Any

import numpy as np

BATCH = 2048
WEIGHT_DECAY = 0.01


def gru(
    weeks: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    asked: np.ndarray,
    *,
    hidden: int,
    learning_rate: float,
    epochs: int,
    seed: int,
) -> np.ndarray:
    """Learns from some sequences and scores others.

    Args:
        weeks: float32, rows × weeks × channels, amounts of 0 and more, the newest week first.
        labels: 0 or 1.
        weights: how often each row counts.
        asked: sequences of the same kind.

    Returns:
        Probabilities of label 1 for `asked`.
    """
    import jax
    import jax.numpy as jnp
    import optax

    known, wanted = _steps(weeks, weeks), _steps(asked, weeks)
    parameters = _start(np.random.default_rng(seed), weeks.shape[2], hidden)
    steps = max(1, len(labels) // BATCH) * epochs
    optimizer = optax.adamw(
        optax.cosine_decay_schedule(learning_rate, steps), weight_decay=WEIGHT_DECAY
    )

    def logits(parameters: Any, steps: Any) -> Any:
        inputs = steps @ parameters["input"] + parameters["bias"]

        def step(state: Any, row: Any) -> Any:
            past = state @ parameters["state"]
            update, reset = (
                jax.nn.sigmoid(row[:, : 2 * hidden] + past[:, : 2 * hidden])
                .reshape(-1, 2, hidden)
                .transpose(1, 0, 2)
            )
            new = jnp.tanh(row[:, 2 * hidden :] + reset * past[:, 2 * hidden :])
            return update * state + (1 - update) * new, None

        state, _ = jax.lax.scan(step, jnp.zeros((steps.shape[1], hidden)), inputs)
        return state @ parameters["output"] + parameters["base"]

    def loss(parameters: Any, steps: Any, labels: Any, weights: Any) -> Any:
        each = optax.sigmoid_binary_cross_entropy(logits(parameters, steps), labels)
        return jnp.sum(weights * each) / jnp.sum(weights)

    def learn(parameters: Any, state: Any, steps: Any, labels: Any, weights: Any) -> Any:
        slopes = jax.grad(loss)(parameters, steps, labels, weights)
        updates, state = optimizer.update(slopes, state, parameters)
        return optax.apply_updates(parameters, updates), state

    compiled = jax.jit(learn)
    state, random = optimizer.init(parameters), np.random.default_rng(seed)
    for _ in range(epochs):
        order = random.permutation(len(labels))
        for begin in range(0, max(1, len(order) - BATCH + 1), BATCH):
            rows = order[begin : begin + BATCH]
            parameters, state = compiled(
                parameters, state, known[:, rows], labels[rows], weights[rows]
            )
    scored = jax.jit(logits)(parameters, wanted)
    return np.asarray(jax.nn.sigmoid(scored), dtype=np.float64)


def _steps(weeks: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Weeks × rows × channels, the oldest first, on a log scale that is about 1 wide."""
    scale = np.log1p(np.maximum(like, 0)).std(axis=(0, 1)) + 1e-6
    steps = np.log1p(np.maximum(weeks, 0)) / scale
    return np.ascontiguousarray(steps[:, ::-1].transpose(1, 0, 2), dtype=np.float32)


def _start(random: np.random.Generator, channels: int, hidden: int) -> dict[str, np.ndarray]:
    """Small random weights; what keeps the past begins open, or 104 weeks are forgotten."""
    bias = np.zeros(3 * hidden, np.float32)
    bias[:hidden] = 2
    wide = 1 / np.sqrt(hidden)
    return {
        "input": random.normal(0, 0.3, (channels, 3 * hidden)).astype(np.float32),
        "state": random.normal(0, wide, (hidden, 3 * hidden)).astype(np.float32),
        "bias": bias,
        "output": random.normal(0, wide, hidden).astype(np.float32),
        "base": np.zeros((), np.float32),
    }
