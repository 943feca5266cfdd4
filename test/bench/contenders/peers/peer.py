"""What both peers share: requests as JSON lines on standard input, answers as JSON lines on standard output.

A peer is a class that builds a network from the layer list of packages/domain/src/network/architectures.ts, passed as it is,
and offers `train_step()`, `predict_batch()`, `name` and `version`. Both wait until their work is done.
"""

import json
import resource
import sys
import time

import numpy

FEWEST_RUNS = 3


def serve(create_peer):
    peer = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["kind"] == "start":
            started = time.perf_counter()
            peer = create_peer(request)
            peer.train_step()
            start_ms = (time.perf_counter() - started) * 1000
            answer = {"name": peer.name, "version": peer.version, "startMs": start_ms}
        elif request["kind"] == "train":
            answer = {"durationsMs": measure(peer.train_step, request)}
        elif request["kind"] == "predict":
            answer = {"durationsMs": measure(peer.predict_batch, request)}
        else:
            answer = {"peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
        print(json.dumps(answer), flush=True)


def measure(run, request):
    read_seconds = time.perf_counter if request["clock"] == "wall" else time.process_time
    for _ in range(request["warmUpRuns"]):
        run()
    durations = []
    end = time.perf_counter() + request["seconds"]
    while time.perf_counter() < end or len(durations) < FEWEST_RUNS:
        started = read_seconds()
        run()
        durations.append((read_seconds() - started) * 1000)
    return durations


def create_batch(request):
    """Images [n, size, size, 3] in -1..1 and labels [n] of both classes, float32."""
    count, size = request["batchSize"], request["patchSizePx"]
    images = numpy.random.default_rng(1).uniform(-1, 1, (count, size, size, 3)).astype("float32")
    return images, (numpy.arange(count) % 2).astype("float32")
