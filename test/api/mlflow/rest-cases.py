"""
A pytest plugin that runs the cases of MLflow's own REST test file against this server: the fixture that starts MLflow's
server is replaced by one that asks for a server of ours with nothing in it, over the address in MICROTOME_SERVERS.
"""
import json
import os
import urllib.request

import pytest

SERVERS = os.environ["MICROTOME_SERVERS"]


def ask(path):
    with urllib.request.urlopen(urllib.request.Request(SERVERS + path, method="POST")) as answer:
        return json.loads(answer.read() or b"{}")


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef, request):
    if fixturedef.argname != "mlflow_client":
        return None
    import mlflow
    from mlflow import MlflowClient

    server = ask("/open")
    previous = mlflow.get_tracking_uri(), mlflow.get_registry_uri()

    def close():
        mlflow.set_tracking_uri(previous[0])
        mlflow.set_registry_uri(previous[1])
        ask("/close/" + server["id"])

    request.addfinalizer(close)
    mlflow.set_tracking_uri(server["url"])
    mlflow.set_registry_uri(server["url"])
    client = MlflowClient(server["url"])
    fixturedef.cached_result = (client, fixturedef.cache_key(request), None)
    return client


def pytest_runtest_logreport(report):
    if report.when != "call" and report.outcome == "passed":
        return
    is_expected = hasattr(report, "wasxfail")
    line = {
        "name": report.nodeid.split("::")[-1],
        "outcome": "expected to fail" if is_expected else report.outcome,
        "text": str(report.longrepr)[-1500:] if report.longrepr else "",
    }
    with open(os.environ["MICROTOME_CASES"], "a") as file:
        file.write(json.dumps(line) + "\n")
