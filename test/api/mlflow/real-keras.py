"""What a person does with Keras and a stock MLflow client: autologging, and the model loaded again. Prints JSON; null without Keras."""
import json
import sys

import mlflow
from mlflow import MlflowClient

try:
    import keras
    import numpy
except ImportError:
    json.dump({"keras": None}, sys.stdout)
    sys.exit()

EPOCHS = 3
keras.utils.set_random_seed(1)
features = numpy.random.default_rng(1).normal(size=(32, 4)).astype("float32")
labels = (features[:, 0] > 0).astype("float32")

mlflow.set_experiment("from keras")
mlflow.keras.autolog(log_models=True, silent=True)
with mlflow.start_run(run_name="keras") as run:
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(features, labels, validation_split=0.25, batch_size=8, epochs=EPOCHS, verbose=0)

client = MlflowClient()
stored = mlflow.get_run(run.info.run_id)
histories = {name: client.get_metric_history(run.info.run_id, name) for name in ("loss", "accuracy", "val_loss")}
model_id = stored.outputs.model_outputs[0].model_id
loaded = mlflow.keras.load_model(f"models:/{model_id}")
json.dump({
    "keras": keras.__version__,
    "run": run.info.run_id,
    "status": stored.info.status,
    "batchSize": stored.data.params["batch_size"],
    "rate": float(stored.data.params["optimizer_learning_rate"]),
    "steps": {name: sorted(point.step for point in points) for name, points in histories.items()},
    "last": max(histories["loss"], key=lambda point: point.step).value,
    "datasets": len(stored.inputs.dataset_inputs),
    "summary": "dense" in mlflow.artifacts.load_text(stored.info.artifact_uri + "/model_summary.txt").lower(),
    "same": bool(numpy.allclose(loaded.predict(features, verbose=0), model.predict(features, verbose=0))),
}, sys.stdout)
