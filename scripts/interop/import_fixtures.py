"""Writes test/import/fixtures: the same two pairs of results, as several programs write them.

    python scripts/interop/import_fixtures.py optuna mlflow tensorboardX [--out FOLDER]
    python scripts/interop/import_fixtures.py tensorflow [--out FOLDER]
    python scripts/interop/import_fixtures.py wandb lightning [--out FOLDER]

Each program named must be installed (`optuna pandas`, `mlflow-skinny pandas`, `tensorboardX`, `tensorflow`): it writes
its fixture itself. tensorboardX's SummaryWriter is the one that PyTorch's was made from, with the same records.
Weights & Biases exports from its web page only, and Lightning's CSVLogger needs all of PyTorch: these two fixtures are
written here in their layouts (github.com/wandb/wandb, issues 5349 and 6474; lightning/fabric/loggers/csv_logs.py).
"""

import argparse
import csv
import shutil
import tempfile
from pathlib import Path

RESULTS = {"relu": {1: 0.91, 2: 0.92}, "snn": {1: 0.94, 2: 0.955}}
STEPS = (10, 20)


def runs():
    for variant, seeds in RESULTS.items():
        for seed, value in seeds.items():
            yield variant, seed, value


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write_optuna(out: Path) -> None:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize")
    for variant, seed, _ in runs():
        study.enqueue_trial({"variant": variant, "seed": seed})

    def objective(trial):
        variant = trial.suggest_categorical("variant", list(RESULTS))
        seed = trial.suggest_int("seed", 1, 2)
        trial.set_user_attr("val_loss", 1 - RESULTS[variant][seed])
        return RESULTS[variant][seed]

    study.optimize(objective, n_trials=4)
    study.trials_dataframe().to_csv(out / "optuna.csv")


def write_mlflow(out: Path) -> None:
    import mlflow

    with tempfile.TemporaryDirectory() as folder:
        mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
        for variant, seed, value in runs():
            with mlflow.start_run(run_name=f"{variant}-seed{seed}"):
                mlflow.log_params({"variant": variant, "seed": seed})
                for step in STEPS:
                    mlflow.log_metric("val_acc", value if step == STEPS[-1] else 0.5, step=step)
        frame = mlflow.search_runs(order_by=["start_time ASC"])
        # The user's name and paths say nothing here.
        frame["artifact_uri"] = "mlflow-artifacts:/0"
        for column in frame.columns:
            if column.startswith("tags.mlflow.") and column != "tags.mlflow.runName":
                frame[column] = "-"
        frame.to_csv(out / "mlflow.csv", index=False)


def write_tensorboardx(out: Path) -> None:
    from tensorboardX import SummaryWriter

    folder = fresh(out / "tensorboardX")
    for variant, seed, value in runs():
        with SummaryWriter(str(folder / f"{variant}-{seed}")) as writer:
            for step in STEPS:
                writer.add_scalar("val_acc", value if step == STEPS[-1] else 0.5, step)
            writer.add_text("note", "no scalar")
    without_hosts(folder)


def write_tensorflow(out: Path) -> None:
    import tensorflow as tf

    folder = fresh(out / "tensorflow")
    for variant, seed, value in runs():
        # Keras's callback writes into the folders `train` and `validation` of a run's.
        for split in ("train", "validation"):
            with tf.summary.create_file_writer(str(folder / variant / f"seed{seed}" / split)).as_default():
                for step in STEPS:
                    tf.summary.scalar("acc", value if step == STEPS[-1] else 0.5, step=step)
                tf.summary.histogram("weights", [0.0, 1.0], step=STEPS[-1], buckets=2)
    without_hosts(folder)


def without_hosts(folder: Path) -> None:
    """Event files are named after the machine that wrote them."""
    for path in folder.rglob("*tfevents*"):
        time = path.name.split(".")[3]
        path.rename(path.with_name(f"events.out.tfevents.{time}.host"))


def write_wandb(out: Path) -> None:
    with (out / "wandb-runs.csv").open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(
            ["Name", "State", "Notes", "User", "Tags", "Created", "Runtime", "Sweep", "lr", "seed", "variant", "val_acc"]
        )
        for variant, seed, value in runs():
            name = f"{variant}-{seed}"
            writer.writerow(
                [name, "finished", "-", "me", "", "2026-11-01T10:00:00.000Z", 61, "", 0.1, seed, variant, value]
            )
    with (out / "wandb-plot.csv").open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        names = [f"{variant}-{seed}" for variant, seed, _ in runs()]
        header = ["Step"]
        for name in names:
            for metric in ("_step", "val_acc"):
                header += [f"{name} - {metric}{extreme}" for extreme in ("", "__MIN", "__MAX")]
        writer.writerow(header)
        for step in STEPS:
            row = [step]
            for _, _, value in runs():
                shown = value if step == STEPS[-1] else 0.5
                row += [step] * 3 + [shown] * 3
            writer.writerow(row)
        # A step at which only the first run logged.
        writer.writerow([5] + [5] * 3 + [0.4] * 3 + [""] * (6 * (len(names) - 1)))


def write_lightning(out: Path) -> None:
    folder = fresh(out / "lightning_logs")
    for version, (variant, seed, value) in enumerate(runs()):
        at = folder / f"version_{version}"
        at.mkdir()
        (at / "hparams.yaml").write_text(f"learning_rate: 0.1\nseed: {seed}\nvariant: {variant}\n")
        with (at / "metrics.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, ["epoch", "step", "train_loss", "val_acc"])
            writer.writeheader()
            for epoch, step in enumerate(STEPS):
                shown = value if step == STEPS[-1] else 0.5
                writer.writerow({"epoch": epoch, "step": step - 1, "train_loss": 1 / step})
                writer.writerow({"epoch": epoch, "step": step - 1, "val_acc": shown})


WRITERS = {
    "optuna": write_optuna,
    "mlflow": write_mlflow,
    "tensorboardX": write_tensorboardx,
    "tensorflow": write_tensorflow,
    "wandb": write_wandb,
    "lightning": write_lightning,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("programs", nargs="+", choices=WRITERS)
    parser.add_argument("--out", default="test/import/fixtures")
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    for program in arguments.programs:
        WRITERS[program](out)


if __name__ == "__main__":
    main()
