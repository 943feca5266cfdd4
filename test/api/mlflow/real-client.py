"""What a person does with a stock MLflow client: autologging, files, a registered model that is loaded again. Prints JSON."""
import json
import os
import sys
import tempfile

import mlflow
import mlflow.sklearn
from mlflow import MlflowClient

seen = {}


def train_with_scikit_learn():
    from sklearn.datasets import make_classification
    from sklearn.linear_model import LogisticRegression

    mlflow.sklearn.autolog(log_models=True, log_datasets=True, silent=True)
    features, labels = make_classification(n_samples=80, random_state=1)
    with mlflow.start_run(run_name="sklearn") as run:
        LogisticRegression(C=0.5, max_iter=50).fit(features, labels)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "note.txt")
            with open(path, "w") as file:
                file.write("kept")
            mlflow.log_artifact(path, "notes")
    stored = mlflow.get_run(run.info.run_id)
    seen["sklearn"] = {
        "run": run.info.run_id,
        "status": stored.info.status,
        "C": stored.data.params["C"],
        "accuracy": stored.data.metrics["training_accuracy_score"],
        "datasets": len(stored.inputs.dataset_inputs),
        "models": len(stored.outputs.model_outputs),
        "note": mlflow.artifacts.load_text(stored.info.artifact_uri + "/notes/note.txt"),
    }
    model_id = stored.outputs.model_outputs[0].model_id
    version = mlflow.register_model(f"models:/{model_id}", "classifier")
    MlflowClient().set_registered_model_alias("classifier", "best", version.version)
    loaded = mlflow.sklearn.load_model("models:/classifier@best")
    seen["loaded"] = bool((loaded.predict(features) == labels).mean() > 0.8)
    found = mlflow.search_runs(
        filter_string="metrics.training_accuracy_score > 0.5 and params.C = '0.5'", output_format="list"
    )
    seen["found"] = [one.info.run_id for one in found]


mlflow.set_experiment("from python")
train_with_scikit_learn()
json.dump(seen, sys.stdout)
