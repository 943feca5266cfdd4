"""Computes every metric of a finished run once more, with scikit-learn, from its predictions.csv alone.

    python docs/recompute-metrics.py http://127.0.0.1:4000 RUN_ID
    python docs/recompute-metrics.py http://127.0.0.1:4000 --external EXTERNAL_EVALUATION_ID

Needs numpy and scikit-learn. Prints the largest difference from what the platform shows; exit status 1 above 1e-12, and
for the intercept and slope of calibration, which are found by iteration, above 1e-9.
"""

import csv
import io
import json
import sys
import urllib.request

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit
from sklearn import metrics as sk
from sklearn.linear_model import LogisticRegression

TOLERANCE = 1e-12
ITERATED_TOLERANCE = 1e-9
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


def measure_calibration(labels, scores):
    """Intercept with the slope at 1, and slope, of the labels over the log-odds of the probabilities."""
    margin = 2.0**-52
    odds = logit(np.clip(scores, margin, 1 - margin))
    intercept = brentq(lambda shift: np.sum(expit(odds + shift) - labels), -100, 100, xtol=1e-14)
    line = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-13, max_iter=1000)
    slope = line.fit(odds[:, None], labels).coef_[0, 0]
    return {"calibrationIntercept": intercept, "calibrationSlope": slope}


def compare(name, rows, stored, measures):
    """Prints the largest difference; true where all are small enough. A figure that the platform lacks is left out."""
    found = {key: value for key, value in measures.items() if look_up(stored, key) is not None}
    differences = {key: abs(value - look_up(stored, key)) for key, value in found.items()}
    farthest = max(differences, key=differences.get)
    print(
        f"{name}: {len(found)} metrics of {len(rows)} patches of {len({row['patient'] for row in rows})} patients; "
        f"largest difference {differences[farthest]:.1e} ({farthest})"
    )
    allowed = lambda key: ITERATED_TOLERANCE if key.startswith("calibration") else TOLERANCE
    return all(difference <= allowed(key) for key, difference in differences.items())


def read_rows(address):
    return list(csv.DictReader(io.StringIO(urllib.request.urlopen(address).read().decode())))


def read_columns(rows):
    return (
        np.array([row["patient"] for row in rows]),
        np.array([int(row["label"]) for row in rows]),
        np.array([float(row["probability"]) for row in rows]),
    )


def check_external(url, external_id):
    query = "query ($id: ID!) { externalEvaluation(id: $id) { threshold metrics run { name } dataset { name } } }"
    exam = ask(url, query, {"id": external_id})["externalEvaluation"]
    rows = read_rows(f"{url}/external-evaluations/{external_id}/predictions.csv")
    patients, labels, scores = read_columns(rows)
    threshold = exam["threshold"]
    found = measure_pooled(labels, scores, threshold) | measure_macro(patients, labels, scores, threshold)
    name = f"{exam['run']['name']} on {exam['dataset']['name']}"
    return 0 if compare(name, rows, exam["metrics"], found | measure_calibration(labels, scores)) else 1


def main(url, run_id, external_id=None):
    if run_id == "--external":
        return check_external(url, external_id)
    query = "query ($id: ID!) { run(id: $id) { name evaluations { subset threshold metrics } } }"
    run = ask(url, query, {"id": run_id})["run"]
    rows = read_rows(f"{url}/runs/{run_id}/predictions.csv")
    verdicts = []
    for evaluation in run["evaluations"]:
        own = [row for row in rows if row["subset"] == evaluation["subset"]]
        patients, labels, scores = read_columns(own)
        threshold = evaluation["threshold"]
        found = measure_pooled(labels, scores, threshold) | measure_macro(patients, labels, scores, threshold)
        verdicts.append(compare(f"{run['name']} on {evaluation['subset']}", own, evaluation["metrics"], found))
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
