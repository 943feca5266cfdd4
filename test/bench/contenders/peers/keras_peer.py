"""Keras on TensorFlow: the same layers, Adam, weighted binary cross-entropy on the logit, one compiled step a batch."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf

from peer import create_batch, serve

BATCH_NORM = {"momentum": 0.9, "epsilon": 1e-3}


class KerasPeer:
    name = "Keras"
    version = f"Keras {keras.__version__} on TensorFlow {tf.__version__}"

    def __init__(self, request):
        tf.config.threading.set_intra_op_parallelism_threads(request["threads"])
        tf.config.threading.set_inter_op_parallelism_threads(1)
        keras.utils.set_random_seed(1)
        size = request["patchSizePx"]
        images = keras.Input((size, size, 3), batch_size=request["batchSize"])
        self.model = keras.Model(images, run_layers(request["layers"], images))
        self.model.compile(
            optimizer=keras.optimizers.Adam(1e-3),
            loss=keras.losses.BinaryCrossentropy(from_logits=True),
        )
        batch_images, labels = create_batch(request)
        self.images = tf.constant(batch_images)
        self.labels = tf.constant(labels[:, None])
        self.sample_weights = tf.ones([request["batchSize"]])

    def train_step(self):
        self.model.train_on_batch(self.images, self.labels, sample_weight=self.sample_weights)

    def predict_batch(self):
        self.model.predict_on_batch(self.images)


def run_layers(layers, x):
    for layer in layers:
        x = run_layer(layer, x)
    return x


def run_layer(layer, x):
    kind = layer["kind"]
    if kind in ("conv2d", "depthwiseConv2d"):
        options = {
            "kernel_size": layer["kernelSizePx"],
            "strides": layer["stridePx"],
            "padding": layer["padding"],
            "use_bias": layer["useBias"],
            "activation": layer["activation"],
            "trainable": "given" not in layer,
        }
        if kind == "conv2d":
            return keras.layers.Conv2D(layer["filters"], **options)(x)
        return keras.layers.DepthwiseConv2D(**options)(x)
    if kind == "batchNorm":
        return keras.layers.BatchNormalization(**BATCH_NORM)(x)
    if kind == "activation":
        return keras.layers.Activation(layer["activation"])(x)
    if kind in ("maxPool2d", "avgPool2d"):
        pool = keras.layers.MaxPooling2D if kind == "maxPool2d" else keras.layers.AveragePooling2D
        return pool(layer["sizePx"], strides=layer["stridePx"], padding=layer["padding"])(x)
    if kind == "globalAveragePool2d":
        return keras.layers.GlobalAveragePooling2D()(x)
    if kind == "flatten":
        return keras.layers.Flatten()(x)
    if kind == "dropout":
        return keras.layers.Dropout(layer["rate"])(x)
    if kind == "dense":
        options = {"activation": layer["activation"], "trainable": "given" not in layer}
        return keras.layers.Dense(layer["units"], **options)(x)
    if kind == "residual":
        added = keras.layers.Add()([run_layers(layer["body"], x), run_layers(layer["shortcut"], x)])
        return keras.layers.Activation("relu")(added)
    raise ValueError(f"The peer has no layer '{kind}'.")


if __name__ == "__main__":
    serve(KerasPeer)
