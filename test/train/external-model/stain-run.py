"""Records a run on a split with nothing but clients/python/microtome.py: the model is worked out by hand, its file is given.

Arguments: --url, --split, --dataset as the examples have them, and --model, the ONNX file that says the same.
"""
import argparse
import json
import math
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "clients" / "python"))
import microtome  # noqa: E402

WEIGHTS = (-24.0, -6.0, 30.0)
parser = argparse.ArgumentParser()
for name in ("--url", "--split", "--dataset", "--model"):
    parser.add_argument(name, required=True)
told = parser.parse_args()

client = microtome.Client(told.url)
rows = client.load_split(told.split)
stream, patch_bytes = client.read_pixels(told.dataset)


def score(patch):
    """The mean of each colour, weighed, as a probability."""
    pixels = stream[patch * patch_bytes:(patch + 1) * patch_bytes]
    logit = sum(weight * sum(pixels[colour::3]) / 255 / (patch_bytes / 3) for colour, weight in enumerate(WEIGHTS))
    return 1 / (1 + math.exp(-logit))


with client.start_run("by hand", architecture="mean colour", split_id=told.split, parameters=3) as run:
    run.log({"train.loss": 0.5}, step=1)
    run.upload_predictions({row["patch"]: score(row["patch"]) for row in rows if row["subset"] != "TRAIN"})
    run.upload_model(told.model, layout="NHWC")
print(json.dumps({"run": run.id, "check": run.wait_for_check()}))
