"""Trains a small network with PyTorch on a split of Microtome, and records it from beginning to end.

    python pytorch_run.py --url http://127.0.0.1:4000 --split SPLIT --dataset DATASET

Needs torch, numpy, and for the export onnx and onnxscript. Prints the run and what the check of its model found, as JSON.
"""

import argparse
import json
import math
import pathlib
import sys
import tempfile

import numpy
# The export needs it: who lacks it should know before the training.
import onnxscript  # noqa: F401
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import microtome  # noqa: E402

SCALE = 1 / 255
MEAN = (0.75, 0.6, 0.72)
STD = (0.2, 0.25, 0.2)
BATCH = 32


def load_patches(client, split_id, dataset_id):
    """Rows of the split by side, and the pixels of all patches as [patches, size, size, 3] of bytes."""
    rows = client.load_split(split_id)
    stream, patch_bytes = client.read_pixels(dataset_id)
    size = math.isqrt(patch_bytes // 3)
    pixels = numpy.frombuffer(stream, numpy.uint8).reshape(-1, size, size, 3)
    sides = {side: [row for row in rows if row["subset"] == side] for side in ("TRAIN", "VALIDATION", "TEST")}
    return sides, pixels


def feed(pixels):
    """What the network takes: [patches, 3, size, size], each colour near 0."""
    scaled = (pixels.astype(numpy.float32) * SCALE - numpy.float32(MEAN)) / numpy.float32(STD)
    return torch.from_numpy(scaled.transpose(0, 3, 1, 2).copy())


def build_network():
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 12, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(12, 24, 3, padding=1), torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), torch.nn.Linear(24, 1),
    )


def predict(network, pixels, rows):
    """The probability of each patch, by its number."""
    network.eval()
    given = {}
    with torch.no_grad():
        for start in range(0, len(rows), BATCH):
            patches = [row["patch"] for row in rows[start:start + BATCH]]
            probabilities = torch.sigmoid(network(feed(pixels[patches]))).flatten().tolist()
            given.update(zip(patches, probabilities))
    return given


def train(network, run, *, rows, pixels, epochs, learning_rate):
    optimizer = torch.optim.AdamW(network.parameters(), lr=learning_rate)
    measure = torch.nn.BCEWithLogitsLoss()
    step = 0
    for epoch in range(1, epochs + 1):
        network.train()
        for places in torch.randperm(len(rows)).split(BATCH):
            batch = [rows[place] for place in places.tolist()]
            labels = torch.tensor([[float(row["label"])] for row in batch])
            loss = measure(network(feed(pixels[[row["patch"] for row in batch]])), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            run.log({"train.loss": loss.item()}, step=step, epoch=epoch)


def export(network, pixels, path):
    """One file, for any number of patches."""
    network.eval()
    patches = torch.export.Dim("patches", min=1, max=65536)
    torch.onnx.export(
        network, (feed(pixels[:2]),), path, input_names=["image"], output_names=["logit"],
        dynamic_shapes=({0: patches},), external_data=False, dynamo=True, verbose=False,
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://127.0.0.1:4000")
    parser.add_argument("--token")
    parser.add_argument("--split", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--experiment", default="PyTorch")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--learning-rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=7)
    told = parser.parse_args()

    torch.manual_seed(told.seed)
    client = microtome.Client(told.url, token=told.token)
    sides, pixels = load_patches(client, told.split, told.dataset)
    network = build_network()
    weights = sum(parameter.numel() for parameter in network.parameters())
    params = {"epochs": told.epochs, "learningRate": told.learning_rate, "torch": torch.__version__}
    with client.start_run(told.experiment, architecture="small CNN (PyTorch)", split_id=told.split, params=params,
                          seed=told.seed, parameters=weights) as run:
        train(network, run, rows=sides["TRAIN"], pixels=pixels, epochs=told.epochs, learning_rate=told.learning_rate)
        run.upload_predictions(predict(network, pixels, sides["VALIDATION"] + sides["TEST"]))
        with tempfile.TemporaryDirectory() as folder:
            path = str(pathlib.Path(folder) / "model.onnx")
            export(network, pixels, path)
            run.upload_model(path, layout="NCHW", scale=SCALE, mean=MEAN, std=STD, output="logit")
    print(json.dumps({"run": run.id, "check": run.wait_for_check()}))


if __name__ == "__main__":
    main()
