"""Writes test/import/fixtures: the same two pairs of results, as several programs write them.

    python scripts/interop/import_fixtures.py optuna mlflow tensorboardX [--out FOLDER]
    python scripts/interop/import_fixtures.py tensorflow [--out FOLDER]
    python scripts/interop/import_fixtures.py lightning [--out FOLDER]
    python scripts/interop/import_fixtures.py wandb [--out FOLDER]

Each program named must be installed (`optuna pandas`, `mlflow-skinny pandas`, `tensorboardX`, `tensorflow`,
`pytorch-lightning`, `wandb`): it writes its fixture itself. tensorboardX's SummaryWriter is the one that PyTorch's was
made from, with the same records. Weights & Biases exports tables from its web page only: its client records the runs
here, offline, and what it recorded is written in the page's layout (github.com/wandb/wandb, issues 5349 and 6474).
"""

import argparse
import csv
import json
import shutil
import struct
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
    recorded = [record_wandb(variant, seed, value) for variant, seed, value in runs()]
    with (out / "wandb-runs.csv").open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(
            ["Name", "State", "Notes", "User", "Tags", "Created", "Runtime", "Sweep", "lr", "seed", "variant", "val_acc"]
        )
        for name, config, history in recorded:
            times = ["2026-11-01T10:00:00.000Z", 61]
            settings = [config[key] for key in ("lr", "seed", "variant")]
            writer.writerow([name, "finished", "-", "me", "", *times, "", *settings, history[-1]["val_acc"]])
    with (out / "wandb-plot.csv").open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        names = [name for name, _, _ in recorded]
        header = ["Step"]
        for name in names:
            for metric in ("_step", "val_acc"):
                header += [f"{name} - {metric}{extreme}" for extreme in ("", "__MIN", "__MAX")]
        writer.writerow(header)
        for index in range(len(STEPS)):
            row = [recorded[0][2][index]["_step"]]
            for _, _, history in recorded:
                row += [history[index]["_step"]] * 3 + [history[index]["val_acc"]] * 3
            writer.writerow(row)
        # A step at which only the first run logged.
        writer.writerow([5] + [5] * 3 + [0.4] * 3 + [""] * (6 * (len(names) - 1)))


def record_wandb(variant: str, seed: int, value: float):
    """A run's name, configuration and history, as its client recorded them in its file."""
    import wandb
    from wandb.proto.wandb_internal_pb2 import Record

    with tempfile.TemporaryDirectory() as folder:
        run = wandb.init(
            project="fixtures",
            name=f"{variant}-{seed}",
            mode="offline",
            dir=folder,
            config={"lr": 0.1, "seed": seed, "variant": variant},
            settings=wandb.Settings(console="off", silent=True),
        )
        for step in STEPS:
            run.log({"val_acc": value if step == STEPS[-1] else 0.5}, step=step)
        run.finish()
        # Its service writes the file's end.
        wandb.teardown()
        (path,) = Path(folder).rglob("run-*.wandb")
        name, config, history = "", {}, []
        for data in records_of(path.read_bytes()):
            record = Record.FromString(data)
            if record.HasField("run"):
                name = record.run.display_name or name
                changes = record.run.config
            else:
                changes = record.config
            config |= {item.key or item.nested_key[0]: json.loads(item.value_json) for item in changes.update}
            if record.HasField("history"):
                items = record.history.item
                history.append({item.key or item.nested_key[0]: json.loads(item.value_json) for item in items})
    return name, config, history


def records_of(data: bytes):
    """The records of a W&B file: LevelDB's log format, with 7 bytes of its own before it."""
    block_size, header, at, parts = 32768, 7, 7, b""
    while at + header <= len(data):
        if block_size - at % block_size < header:
            at += block_size - at % block_size
            continue
        length, kind = struct.unpack_from("<HB", data, at + 4)
        parts += data[at + header : at + header + length]
        at += header + length
        # Whole, or the last part of one.
        if kind in (1, 4):
            yield parts
            parts = b""


def write_lightning(out: Path) -> None:
    import torch
    from pytorch_lightning import LightningModule, Trainer
    from pytorch_lightning.loggers import CSVLogger
    from torch.utils.data import DataLoader, TensorDataset

    # The numbers are logged in this type.
    torch.set_default_dtype(torch.float64)

    class Module(LightningModule):
        def __init__(self, learning_rate, seed, variant):
            super().__init__()
            self.save_hyperparameters()
            self.layer = torch.nn.Linear(1, 1)

        def training_step(self, batch, _):
            loss = self.layer(batch[0]).square().mean()
            self.log("train_loss", loss)
            return loss

        def validation_step(self, batch, _):
            is_last = self.current_epoch == len(STEPS) - 1
            value = RESULTS[self.hparams.variant][self.hparams.seed] if is_last else 0.5
            self.log("val_acc", torch.tensor(value))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=self.hparams.learning_rate)

    fresh(out / "lightning_logs")
    for version, (variant, seed, _) in enumerate(runs()):
        torch.manual_seed(seed)
        data = DataLoader(TensorDataset(torch.ones(STEPS[0], 1)))
        trainer = Trainer(
            accelerator="cpu",
            max_epochs=len(STEPS),
            log_every_n_steps=STEPS[0],
            num_sanity_val_steps=0,
            logger=CSVLogger(out, name="lightning_logs", version=version),
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
        )
        trainer.fit(Module(0.1, seed, variant), data, data)


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
