"""Records runs of any Python program in Microtome. One file, standard library only.

    import microtome

    client = microtome.Client("http://127.0.0.1:4000")
    with client.start_run(experiment="my experiment", architecture="ViT-S/16", params={"lr": 1e-4}) as run:
        for step in range(100):
            run.log({"train.loss": loss}, step=step)
        run.upload_file("model.onnx", "out/model.onnx")

Numbers are kept back for a second and sent together, in the background; leaving the block sends what is left and ends the run:
SUCCEEDED, or FAILED with the exception that left it. On a split of Microtome's own, `client.load_split` gives the patches and
their sides and labels (those of TEST are not told), `client.read_pixels` their pixels, and `run.upload_predictions` takes the
probability of each patch of VALIDATION and TEST. With `run.upload_model` a worker checks that an ONNX file gives them, and
`run.wait_for_check` says what came out; after that it can be registered as a model.
"""

import csv
import gzip
import io
import json
import math
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
import uuid

SEND_INTERVAL_S = 1.0
HEARTBEAT_INTERVAL_S = 30.0
POINTS_PER_BATCH = 1000
ATTEMPTS = 6
CHECK_INTERVAL_S = 1.0
CHECK_FIELDS = "status error patchesTotal maxDifference tolerance fileHash"


class MicrotomeError(Exception):
    """What the server refused, as its sentence; `code` is its kind (BAD_INPUT, NOT_FOUND, CONFLICT, ...)."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Client:
    """A connection to one API. `token` is sent with each request where the server asks for one."""

    def __init__(self, url="http://127.0.0.1:4000", token=None, timeout_s=60.0):
        self.url = url.rstrip("/")
        self.timeout_s = timeout_s
        self._headers = {"authorization": "Bearer " + token} if token else {}

    def start_run(self, experiment=None, *, experiment_id=None, name=None, notes=None, tags=None,
                  architecture=None, params=None, split_id=None, seed=None, parameters=None):
        """Begins a run. `experiment` is a name; an experiment that is not there is made."""
        told = {
            "experiment": experiment, "experimentId": experiment_id, "name": name, "notes": notes, "tags": tags,
            "architecture": architecture, "hyperparameters": params, "splitId": split_id, "seed": seed,
            "parameters": parameters, "client": "microtome.py",
        }
        given = {key: value for key, value in told.items() if value is not None}
        document = "mutation Start($input: StartRunInput!) { startRun(input: $input) { id } }"
        return Run(self, self.ask(document, {"input": given})["startRun"]["id"])

    def ask(self, document, variables=None):
        """One GraphQL operation; gives its data."""
        body = json.dumps({"query": document, "variables": variables or {}}).encode()
        answer = json.loads(self.send("POST", "/graphql", body, {"content-type": "application/json"}))
        errors = answer.get("errors")
        if errors:
            raise MicrotomeError(errors[0].get("extensions", {}).get("code", "INTERNAL"), errors[0]["message"])
        return answer["data"]

    def load_split(self, split_id, task_id=None):
        """The patches of a split, each a dict of patch, patient, slide, subset and label (None on TEST)."""
        query = "?" + urllib.parse.urlencode({"task": task_id}) if task_id else ""
        text = self.send("GET", "/splits/%s.csv%s" % (split_id, query)).decode()
        return [
            dict(row, patch=int(row["patch"]), label=None if row["label"] == "" else int(float(row["label"])))
            for row in csv.DictReader(io.StringIO(text))
        ]

    def read_pixels(self, dataset_id, first=0, count=None):
        """The RGB bytes of `count` patches from number `first` on (all when left out), and the bytes of one patch."""
        path = "/datasets/%s/pixels" % dataset_id
        with self._open("HEAD", path) as response:
            patch_bytes = int(response.headers["x-patch-bytes"])
            size = int(response.headers["content-length"])
        end = size if count is None else min(size, (first + count) * patch_bytes)
        headers = {"range": "bytes=%d-%d" % (first * patch_bytes, end - 1)}
        return self.send("GET", path, None, headers), patch_bytes

    def send(self, method, path, body=None, headers=None):
        """One request; what passes (a server that restarts, say) is tried again when the body can be sent again."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._open(method, path, body, headers) as response:
                    return response.read()
            except (MicrotomeError, urllib.error.URLError, ConnectionError, TimeoutError) as error:
                passes = error.code == "UNAVAILABLE" if isinstance(error, MicrotomeError) else True
                if not passes or hasattr(body, "read") or attempt == ATTEMPTS:
                    raise
                time.sleep(min(0.2 * 2 ** attempt, 5.0))

    def _open(self, method, path, body=None, headers=None):
        request = urllib.request.Request(self.url + path, data=body, method=method)
        for key, value in {**self._headers, **(headers or {})}.items():
            request.add_header(key, value)
        try:
            return urllib.request.urlopen(request, timeout=self.timeout_s)
        except urllib.error.HTTPError as error:
            raise _describe(error) from None


class Run:
    """A run that this program records. Use it as a context, or call `finish` or `fail` at the end."""

    def __init__(self, client, run_id):
        self.client = client
        self.id = run_id
        self.is_canceled = False
        self._points = []
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self._error = None
        self._thread = threading.Thread(target=self._send_in_background, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            self.finish()
        else:
            self.fail("".join(traceback.format_exception_only(kind, error)).strip())
        return False

    def log(self, metrics, step=0, epoch=None):
        """Numbers by name. NaN and infinities are kept. Sent in the background within about a second."""
        at = int(time.time() * 1000)
        points = [_point(name, value, step, epoch, at) for name, value in metrics.items()]
        with self._lock:
            self._points.extend(points)

    def log_params(self, params):
        """Hyperparameters. One that is known keeps its value: another is refused."""
        self._change("logParams(runId: $id, params: $params)", "$params: JSON!", {"params": params})

    def log_text(self, text):
        """Text for the run's log."""
        self._change("logText(runId: $id, text: $text)", "$text: String!", {"text": text})

    def set_tag(self, key, value):
        """A tag with a value."""
        self._change("setRunLabel(runId: $id, key: $key, value: $value)", "$key: String!, $value: String!",
                     {"key": key, "value": str(value)})

    def upload_file(self, path, source, media_type="application/octet-stream"):
        """Keeps a file with the run, at `path` there. `source` is a path here, or bytes."""
        target = "/runs/%s/files/%s" % (self.id, urllib.parse.quote(path))
        headers = {"content-type": media_type}
        if isinstance(source, (bytes, bytearray)):
            return json.loads(self.client.send("PUT", target, bytes(source), headers))
        with open(source, "rb") as file:
            file.seek(0, io.SEEK_END)
            headers["content-length"] = str(file.tell())
            file.seek(0)
            return json.loads(self.client.send("PUT", target, file, headers))

    def upload_predictions(self, probabilities):
        """The probability of the positive side by patch number, for every patch of VALIDATION and TEST. Once a run."""
        lines = ["patch,probability"]
        lines.extend("%d,%r" % (patch, float(value)) for patch, value in probabilities.items())
        headers = {"content-type": "text/csv"}
        body = ("\n".join(lines) + "\n").encode()
        return json.loads(self.client.send("PUT", "/runs/%s/predictions" % self.id, body, headers))

    def upload_model(self, source, **model_input):
        """Keeps an ONNX file as the run's model, and has a worker check it against the uploaded predictions.

        How it is fed and read: `layout` ("NHWC" or "NCHW"), `scale`, `mean`, `std` (what enters is (byte * scale - mean) / std, by
        colour), `output` ("probability" or "logit"), `positive` (which of several numbers),
        `outputName` (which of several outputs), `temperature`.
        """
        self.upload_file("model.onnx", source)
        document = "mutation Check($input: CheckModelInput!) { checkModel(input: $input) { %s } }" % CHECK_FIELDS
        told = {key: _plain(value) for key, value in model_input.items()}
        return self.client.ask(document, {"input": {"runId": self.id, "modelInput": told}})["checkModel"]

    def wait_for_check(self, timeout_s=600.0):
        """The check of the model, once a worker has done it: `status` is PASSED, FAILED (`error` says why) or CANCELED."""
        document = "query Check($id: ID!) { run(id: $id) { externalModel { check { %s } } } }" % CHECK_FIELDS
        until = time.monotonic() + timeout_s
        while True:
            check = self.client.ask(document, {"id": self.id})["run"]["externalModel"]["check"]
            if check is None or check["status"] not in ("QUEUED", "RUNNING"):
                return check
            if time.monotonic() > until:
                raise TimeoutError("No worker has checked the model of run %s within %g seconds." % (self.id, timeout_s))
            time.sleep(CHECK_INTERVAL_S)

    def flush(self):
        """Sends what is kept back, and raises what was refused since."""
        self._send()
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def finish(self):
        """The run has SUCCEEDED."""
        self._stop()
        self._change("finishRun(id: $id)")
        self.flush()

    def fail(self, error):
        """The run has FAILED; `error` is the reason, as a sentence."""
        self._stop()
        self._change("failRun(id: $id, error: $error)", "$error: String", {"error": str(error)[:2000]})

    def _change(self, call, arguments="", variables=None):
        document = "mutation Change($id: ID!%s) { %s { id } }" % (", " + arguments if arguments else "", call)
        self.client.ask(document, {"id": self.id, **(variables or {})})

    def _stop(self):
        self._ended.set()
        self._thread.join()
        self._send()

    def _send_in_background(self):
        heard = time.monotonic()
        while not self._ended.wait(SEND_INTERVAL_S):
            if self._send():
                heard = time.monotonic()
            elif time.monotonic() - heard > HEARTBEAT_INTERVAL_S:
                heard = time.monotonic()
                self._beat()

    def _beat(self):
        try:
            document = "mutation Beat($id: ID!) { heartbeatRun(id: $id) { isCanceled } }"
            self.is_canceled = self.client.ask(document, {"id": self.id})["heartbeatRun"]["isCanceled"]
        except (MicrotomeError, OSError):
            pass  # The next one may come through; numbers are tried again by themselves.

    def _send(self):
        with self._sending:
            with self._lock:
                points, self._points = self._points, []
            for start in range(0, len(points), POINTS_PER_BATCH):
                try:
                    self._send_batch(points[start:start + POINTS_PER_BATCH])
                except MicrotomeError as error:
                    self._error = error
                except OSError as error:
                    self._error = error
                    with self._lock:
                        self._points = points[start:] + self._points
                    return False
            return len(points) > 0

    def _send_batch(self, points):
        # The key makes a batch that was taken, and whose answer was lost, count once.
        body = gzip.compress(json.dumps({"key": uuid.uuid4().hex, "metrics": points}).encode(), 1)
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        self.client.send("POST", "/runs/%s/metrics" % self.id, body, headers)


def _point(name, value, step, epoch, at):
    number = float(value)
    if not math.isfinite(number):
        number = "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")
    point = {"name": name, "value": number, "step": int(step), "at": at}
    return point if epoch is None else {**point, "epoch": int(epoch)}


def _plain(value):
    """A number or list that JSON knows, out of what numpy and others have."""
    return value.tolist() if hasattr(value, "tolist") else list(value) if isinstance(value, tuple) else value


def _describe(error):
    try:
        told = json.loads(error.read())["error"]
        return MicrotomeError(told["code"], told["message"])
    except (ValueError, KeyError, TypeError):
        code = "UNAVAILABLE" if error.code >= 500 else "BAD_INPUT"
        return MicrotomeError(code, "The server answered %d." % error.code)
