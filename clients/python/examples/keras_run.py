"""Trains a small network with Keras on a split of Microtome, and records it from beginning to end.

    python keras_run.py --url http://127.0.0.1:4000 --split SPLIT --dataset DATASET

Needs keras, numpy, onnx, and a backend: torch with onnxscript, if KERAS_BACKEND names no other. The network takes pixels as
they are and scales them itself. Prints the run and what the check of its model found, as JSON.
"""

import argparse
import json
import math
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras  # noqa: E402
import numpy  # noqa: E402

if keras.backend.backend() == "torch":
    # The export needs it: who lacks it should know before the training.
    import onnxscript  # noqa: E402, F401

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import microtome  # noqa: E402

BATCH = 32


def load_patches(client, split_id, dataset_id):
    """Rows of the split by side, and the pixels of all patches as [patches, size, size, 3] of bytes."""
    rows = client.load_split(split_id)
    stream, patch_bytes = client.read_pixels(dataset_id)
    size = math.isqrt(patch_bytes // 3)
    pixels = numpy.frombuffer(stream, numpy.uint8).reshape(-1, size, size, 3)
    sides = {side: [row for row in rows if row["subset"] == side] for side in ("TRAIN", "VALIDATION", "TEST")}
    return sides, pixels


def pick(pixels, rows):
    return pixels[[row["patch"] for row in rows]].astype("float32")


def build_network(size):
    return keras.Sequential([
        keras.Input((size, size, 3), name="image"),
        keras.layers.Rescaling(1 / 127.5, offset=-1.0),
        keras.layers.Conv2D(12, 3, padding="same", activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(24, 3, padding="same", activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(1, activation="sigmoid", name="probability"),
    ])


class Recorder(keras.callbacks.Callback):
    """Numbers of each step and epoch, as they come."""

    def __init__(self, run):
        super().__init__()
        self.run = run
        self.step = 0
        self.epoch = 1

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self.run.log({"train.loss": logs["loss"]}, step=self.step, epoch=self.epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.run.log({"validation.loss": logs["val_loss"]}, step=self.step, epoch=self.epoch)
        self.epoch = epoch + 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://127.0.0.1:4000")
    parser.add_argument("--token")
    parser.add_argument("--split", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--experiment", default="Keras")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()

    keras.utils.set_random_seed(told.seed)
    client = microtome.Client(told.url, token=told.token)
    sides, pixels = load_patches(client, told.split, told.dataset)
    network = build_network(pixels.shape[1])
    network.compile(keras.optimizers.AdamW(told.learning_rate), loss="binary_crossentropy")
    params = {"epochs": told.epochs, "learningRate": told.learning_rate, "keras": keras.__version__}
    with client.start_run(told.experiment, architecture="small CNN (Keras)", split_id=told.split, params=params,
                          seed=told.seed, parameters=network.count_params()) as run:
        train, validation = sides["TRAIN"], sides["VALIDATION"]
        known = [(pick(pixels, rows), numpy.array([[row["label"]] for row in rows], "float32"))
                 for rows in (train, validation)]
        network.fit(*known[0], validation_data=known[1], batch_size=BATCH, epochs=told.epochs, verbose=0,
                    callbacks=[Recorder(run)])
        asked = validation + sides["TEST"]
        probabilities = network.predict(pick(pixels, asked), batch_size=BATCH, verbose=0).flatten()
        run.upload_predictions({row["patch"]: value for row, value in zip(asked, probabilities)})
        with tempfile.TemporaryDirectory() as folder:
            path = str(pathlib.Path(folder) / "model.onnx")
            network.export(path, format="onnx", verbose=False)
            run.upload_model(path, layout="NHWC", output="probability")
    print(json.dumps({"run": run.id, "check": run.wait_for_check()}))


if __name__ == "__main__":
    main()
