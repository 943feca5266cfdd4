"""Networks as torch and Keras export them, in the forms that people have, with what each says of some patches. Prints JSON.

Arguments: a folder, which gets an ONNX file a form and the patches as bytes (patch, row, column, colour).
"""
import json
import pathlib
import sys
import warnings

import keras
import numpy
import torch

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
PATCHES, SIZE = 9, 16
torch.manual_seed(1)
keras.utils.set_random_seed(1)
patches = numpy.random.default_rng(1).integers(0, 256, (PATCHES, SIZE, SIZE, 3), dtype="uint8")
patches.tofile(folder / "patches.bin")
forms = []


class Network(torch.nn.Module):
    """Colours come first; `answer` says what becomes of features and logits."""

    def __init__(self, classes, answer):
        super().__init__()
        self.body = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1))
        self.head = torch.nn.Linear(8, classes)
        self.answer = answer

    def forward(self, image):
        features = self.body(image).flatten(1)
        return self.answer(features, self.head(features))


class FromBytes(torch.nn.Module):
    """Bytes with colours last, as they are read."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, image):
        return self.network(image.permute(0, 3, 1, 2).float() / 255)


def export(name, network, image, *, outputs, read, told, patches=None):
    network.eval()
    with torch.no_grad():
        probabilities = read(network(image)).double().flatten().tolist()
    example = image[:2] if patches is None else image[:patches]
    shapes = ({0: torch.export.Dim("patches", min=1, max=4096)},) if patches is None else None
    torch.onnx.export(
        network, (example,), str(folder / f"{name}.onnx"), input_names=["image"], output_names=outputs,
        dynamic_shapes=shapes, external_data=False, dynamo=True, verbose=False,
    )
    forms.append({"name": name, "input": told, "probabilities": probabilities})


scaled = torch.from_numpy(patches.astype("float32") / 255).permute(0, 3, 1, 2).contiguous()
first = {"layout": "NCHW", "scale": 1 / 255}
export("torch-logit", Network(1, lambda _, logits: logits), scaled, outputs=["logit"], read=torch.sigmoid,
       told={**first, "output": "logit"})
export("torch-half", Network(2, lambda _, logits: logits.softmax(1)).half(), scaled.half(), outputs=["probabilities"],
       read=lambda found: found[:, 1], told={**first, "positive": 1})
export("torch-several", Network(2, lambda features, logits: (features, logits.softmax(1))), scaled,
       outputs=["features", "probability"], read=lambda found: found[1][:, 1], told={**first, "positive": 1})
export("torch-bytes", FromBytes(Network(1, lambda _, logits: logits.sigmoid())), torch.from_numpy(patches),
       outputs=["probability"], read=lambda found: found, told={"layout": "NHWC"})
export("torch-fixed", Network(2, lambda _, logits: logits), scaled, outputs=["logits"], patches=4,
       read=lambda found: found.softmax(1)[:, 0], told={**first, "output": "logit", "positive": 0})


def export_keras(name, network, *, read, told):
    probabilities = read(network.predict(patches.astype("float32"), verbose=0))
    network.export(str(folder / f"{name}.onnx"), format="onnx", verbose=False)
    forms.append({"name": name, "input": told, "probabilities": numpy.asarray(probabilities, "float64").flatten().tolist()})


image = keras.Input((SIZE, SIZE, 3))
features = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(8, 3, activation="relu")(
    keras.layers.Rescaling(1 / 255)(image)))
export_keras("keras-softmax", keras.Model(image, keras.layers.Dense(2, activation="softmax")(features)),
             read=lambda found: found[:, 1], told={"positive": 1})
export_keras("keras-sigmoid", keras.Model(image, keras.layers.Dense(1, activation="sigmoid")(features)),
             read=lambda found: found, told={})
print(json.dumps({"forms": forms}))
