"""Records a run on a split with nothing but clients/python/microtome.py: arguments are its folder, the API, a split, a dataset."""
import json
import math
import sys

sys.path.insert(0, sys.argv[1])
import microtome  # noqa: E402

client = microtome.Client(sys.argv[2])
rows = client.load_split(sys.argv[3])
pixels, patch_bytes = client.read_pixels(sys.argv[4], first=1, count=2)
asked = [row for row in rows if row["subset"] != "TRAIN"]
with client.start_run(experiment="from python", architecture="nearest colour", split_id=sys.argv[3],
                      params={"lr": 0.1}, seed=7) as run:
    for step in range(25):
        run.log({"train.loss": math.nan if step == 3 else 1 / (1 + step)}, step=step, epoch=1 + step // 5)
    run.log_params({"depth": 3})
    run.set_tag("git", "abc")
    run.log_text("begun\nand going on")
    run.upload_file("notes/read me.txt", b"hello")
    refused = None
    try:
        run.log_params({"lr": 0.2})
    except microtome.MicrotomeError as error:
        refused = error.code
    run.upload_predictions({row["patch"]: 0.9 if row["label"] else 0.2 for row in asked})
failed = None
try:
    with client.start_run(experiment="from python") as broken:
        failed = broken.id
        raise ValueError("no data")
except ValueError:
    pass
print(json.dumps({
    "run": run.id, "failed": failed, "refused": refused, "bytes": len(pixels), "patchBytes": patch_bytes,
    "testLabels": sorted({str(row["label"]) for row in rows if row["subset"] == "TEST"}), "rows": len(rows),
}))
