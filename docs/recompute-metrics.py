"""Computes every metric of a finished run once more, with scikit-learn, from its predictions.csv alone.

    python docs/recompute-metrics.py http://127.0.0.1:4000 RUN_ID

Needs numpy and scikit-learn. Prints the largest difference from what the platform shows; exit status 1 above 1e-12.
"""

import csv
import io
import json
import sys
import urllib.request

import numpy as np
from sklearn import metrics as sk

TOLERANCE = 1e-12
BINS = 15


def ask(url, query, variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"content-type": "application/json"})
    return json.load(urllib.request.urlopen(request))["data"]


def calibration_error(confidence, outcome):
    """Mean distance of confidence and outcome over bins (low, high] of equal width, weighted by patches."""
    bins = np.clip(np.ceil(confidence * BINS) - 1, 0, BINS - 1).astype(int)
    gaps = [abs(np.sum(confidence[bins == b]) - np.sum(outcome[bins == b])) for b in range(BINS)]
    return sum(gaps) / len(confidence)


def sensitivity_at(labels, scores, specificity):
    false_positive_rate, sensitivity, _ = sk.roc_curve(labels, scores, drop_intermediate=False)
    return sensitivity[false_positive_rate <= 1 - specificity + 1e-12].max()


def measure(labels, scores, threshold):
    called = (scores >= threshold).astype(int)
    both = len(set(labels)) == 2
    recall = lambda side: sk.recall_score(labels, called, pos_label=side) if side in labels else None
    found = {
        "accuracy": sk.accuracy_score(labels, called),
        "sensitivity": recall(1),
        "specificity": recall(0),
        "f1": sk.f1_score(labels, called) if 1 in labels else None,
        "brier": sk.brier_score_loss(labels, scores, pos_label=1) if both else np.mean((scores - labels) ** 2),
        "auc": sk.roc_auc_score(labels, scores) if both else None,
        "averagePrecision": sk.average_precision_score(labels, scores) if 1 in labels else None,
        "balancedAccuracy": sk.balanced_accuracy_score(labels, called) if both else None,
    }
    return found, called


def measure_pooled(labels, scores, threshold):
    found, called = measure(labels, scores, threshold)
    likelier = np.maximum(scores, 1 - scores)
    is_right = ((scores >= 0.5).astype(int) == labels).astype(int)
    tn, fp, fn, tp = sk.confusion_matrix(labels, called, labels=[0, 1]).ravel()
    return found | {
        "ppv": sk.precision_score(labels, called),
        "npv": sk.precision_score(labels, called, pos_label=0),
        "mcc": sk.matthews_corrcoef(labels, called),
        "kappa": sk.cohen_kappa_score(labels, called),
        "logLoss": sk.log_loss(labels, scores),
        "ece": calibration_error(scores, labels),
        "eceTopLabel": calibration_error(likelier, is_right),
        "sensitivityAtSpecificity90": sensitivity_at(labels, scores, 0.90),
        "sensitivityAtSpecificity95": sensitivity_at(labels, scores, 0.95),
        "prevalence": labels.mean(),
        **{f"confusion.{name}": count for name, count in (("tp", tp), ("fp", fp), ("tn", tn), ("fn", fn))},
    }


def measure_macro(patients, labels, scores, threshold):
    rows = [measure(labels[patients == one], scores[patients == one], threshold)[0] for one in np.unique(patients)]
    values = {name: [row[name] for row in rows if row[name] is not None] for name in rows[0]}
    return {f"macro.{name}": np.mean(found) for name, found in values.items()}


def look_up(stored, name):
    for part in name.split("."):
        stored = stored[part]
    return stored


def main(url, run_id):
    query = "query ($id: ID!) { run(id: $id) { name evaluations { subset threshold metrics } } }"
    run = ask(url, query, {"id": run_id})["run"]
    text = urllib.request.urlopen(f"{url}/runs/{run_id}/predictions.csv").read().decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    worst = 0.0
    for evaluation in run["evaluations"]:
        own = [row for row in rows if row["subset"] == evaluation["subset"]]
        patients = np.array([row["patient"] for row in own])
        labels = np.array([int(row["label"]) for row in own])
        scores = np.array([float(row["probability"]) for row in own])
        threshold = evaluation["threshold"]
        found = measure_pooled(labels, scores, threshold) | measure_macro(patients, labels, scores, threshold)
        differences = {name: abs(value - look_up(evaluation["metrics"], name)) for name, value in found.items()}
        farthest = max(differences, key=differences.get)
        worst = max(worst, differences[farthest])
        print(
            f"{run['name']} on {evaluation['subset']}: {len(found)} metrics of {len(own)} patches of "
            f"{len(set(patients))} patients; largest difference {differences[farthest]:.1e} ({farthest})"
        )
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
