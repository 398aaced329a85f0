"""The example ``complete`` of infra/terraform, applied unmodified to an emulator of AWS.

The code of its functions is a probe: it calls AWS as it is asked to, with the rights of the role
it runs under, and writes what its queue brings into the bucket of what is derived. What comes by
HTTP it answers with the path, or has answered by who is named in its environment (``FORWARD``).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

import boto3
from emulators import KEY_ID, REGION, SECRET, Endpoint
from terraform_program import Terraform

PREFIX: Final = "kith-test"
DOMAIN: Final = "photos.example.org"
COLLECTION: Final = "people"
RULES: Final = [{"name": "Who appears", "faces": "any", "channels": ["topic"]}]
FUNCTIONS: Final = ("api", "backfill", "ingest", "notices", "regroup")

Seen = TypeVar("Seen")

_PAGE: Final = Path(__file__).resolve().parents[2] / "src" / "kith" / "web" / "static"
_AT_ONCE: Final = "-parallelism=40"
_PATIENCE: Final = 120.0
"""Seconds until something that AWS does by itself must have happened."""

_PROBE: Final = """
import json, os, urllib.request
import boto3

def handler(event, context):
    if "Records" in event:
        return keep(event["Records"])
    if "keys" in event:
        return boto3.Session().get_credentials().get_frozen_credentials()._asdict()
    if "service" not in event:
        return answer(event)
    client = boto3.client(event["service"])
    try:
        getattr(client, event["operation"])(**event["arguments"])
    except client.exceptions.ClientError as error:
        return {"code": error.response["Error"]["Code"]}
    return {"code": None}

def answer(event):
    if "FORWARD" not in os.environ:
        return {"statusCode": 200, "body": json.dumps(event["rawPath"])}
    request = urllib.request.Request(os.environ["FORWARD"], json.dumps(event).encode())
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with straight.open(request, timeout=60) as answer:
        return json.load(answer)

def keep(messages):
    s3 = boto3.client("s3")
    for message in messages:
        bucket = os.environ["KITH_DERIVED_BUCKET"]
        s3.put_object(Bucket=bucket, Key=f"probe/{message['messageId']}", Body=message["body"])
    return {"batchItemFailures": []}
"""


@dataclass(frozen=True, slots=True)
class Applying:
    """An apply that runs.

    Attributes:
        deployment: what will be there.
        process: Terraform's. It is never killed: it alone knows what it made.
        log: what it says.
    """

    deployment: Deployment
    process: subprocess.Popen[bytes]
    log: Path

    def wait(self) -> Deployment:
        """What was applied.

        Raises:
            AssertionError: it failed.
        """
        assert self.process.wait() == 0, self.log.read_text(errors="replace")
        return self.deployment

    def close(self) -> None:
        """Let it end, and close clients."""
        self.process.wait()
        self.deployment.close()


class Deployment:
    """What stands in the emulator.

    Args:
        terraform: in the folder of the example, told where AWS is.
        endpoint: the emulator.
        certificate: of the emulator.
    """

    def __init__(self, terraform: Terraform, endpoint: Endpoint, certificate: Path) -> None:
        self.terraform = terraform
        self.endpoint = endpoint
        self.certificate = certificate
        self._session: Any = boto3.Session(KEY_ID, SECRET, region_name=REGION)
        self._clients: dict[str, Any] = {}

    @cached_property
    def outputs(self) -> dict[str, Any]:
        """What Terraform says of it."""
        told = self.terraform.document("output")
        return {name: each["value"] for name, each in told.items()}

    @cached_property
    def resources(self) -> list[dict[str, Any]]:
        """What Terraform made, in all modules: ``address``, ``type``, ``values``."""
        return list(_resources(self.terraform.document("show")["values"]["root_module"]))

    def client(self, service: str) -> Any:
        """A client of the account's owner."""
        if service not in self._clients:
            self._clients[service] = self.client_with(service)
        return self._clients[service]

    def client_with(self, service: str, **settings: Any) -> Any:
        """A client with other settings; the caller closes it."""
        return self._session.client(
            service,
            endpoint_url=self.endpoint.url,
            verify=str(self.certificate),
            **settings,
        )

    def ask(self, function: str, service: str, operation: str, **arguments: Any) -> str | None:
        """Have a function call AWS; answers the error's code, if it is one."""
        said = self._call(
            function, {"service": service, "operation": operation, "arguments": arguments}
        )
        assert "code" in said, said
        return said["code"]

    def told(self, function: str) -> dict[str, str]:
        """The environment that Terraform gave a function, with the keys of the function's role."""
        name = self.outputs["functions"][function]
        configured = self.client("lambda").get_function_configuration(FunctionName=name)
        keys = self._call(function, {"keys": True})
        return {
            **configured["Environment"]["Variables"],
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": keys["access_key"],
            "AWS_SECRET_ACCESS_KEY": keys["secret_key"],
            **({"AWS_SESSION_TOKEN": keys["token"]} if keys["token"] else {}),
        }

    def _call(self, function: str, event: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.client("lambda").invoke(
            FunctionName=self.outputs["functions"][function], Payload=json.dumps(event)
        )
        with answer["Payload"] as stream:
            return json.loads(stream.read())

    def eventually(self, look: Callable[[], Seen]) -> Seen:
        """What is seen as soon as it is something."""
        ends = time.monotonic() + _PATIENCE
        while not (seen := look()):
            assert time.monotonic() < ends, "it did not happen"
            time.sleep(0.2)
        return seen

    def close(self) -> None:
        """Close the clients."""
        for client in self._clients.values():
            client.close()


def begin(terraform: Terraform, endpoint: Endpoint, certificate: Path, folder: Path) -> Applying:
    """Begin to apply the example ``complete`` to an account that has a zone and a bucket for logs.

    Args:
        terraform: in the folder infra/terraform.
        endpoint: the emulator.
        certificate: of the emulator.
        folder: for the zip, the page and the log.
    """
    told = {**endpoint.environment(), "AWS_CA_BUNDLE": str(certificate)}
    there = terraform.at("examples/complete", told)
    deployment = Deployment(there, endpoint, certificate)
    page = shutil.copytree(_PAGE, folder / "page")  # so that it stays as it is meanwhile
    wishes = _wishes(deployment, _probe(folder / "probe.zip"), page)
    (there.folder / "terraform.tfvars.json").write_text(json.dumps(wishes), encoding="utf-8")
    there.run("init")
    log = folder / "apply.log"
    return Applying(deployment, there.start("apply", "-auto-approve", _AT_ONCE, log=log), log)


def _wishes(deployment: Deployment, package: Path, page: Path) -> dict[str, Any]:
    """The example's variables, as somebody with an account would set them."""
    zone = deployment.client("route53").create_hosted_zone(Name="example.org", CallerReference="1")
    deployment.client("s3").create_bucket(
        Bucket="access-logs", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return {
        "region": REGION,
        "name_prefix": PREFIX,
        "package_file": str(package),
        "architecture": "x86_64",
        "collection_id": COLLECTION,
        "page_folder": str(page),
        "domain": {"name": DOMAIN, "zone_id": zone["HostedZone"]["Id"].rpartition("/")[2]},
        "access_log_bucket": "access-logs",
        "notice_emails": ["family@example.org"],
        "alarm_emails": ["owner@example.org"],
        "extra_auth_flows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        "extra_environment": {"KITH_TITLE": "The Limas", "KITH_RULES": json.dumps(RULES)},
        "deletion_protection": False,
        "force_destroy": True,
    }


def _probe(file: Path) -> Path:
    with zipfile.ZipFile(file, "w") as package:
        for folder in ("kith", "kith/lambdas"):
            package.writestr(f"{folder}/__init__.py", "")
        for name in FUNCTIONS:
            package.writestr(f"kith/lambdas/{name}.py", _PROBE)
    return file


def _resources(module: Mapping[str, Any]) -> list[dict[str, Any]]:
    own = [each for each in module.get("resources", []) if each["mode"] == "managed"]
    inner = [each for child in module.get("child_modules", []) for each in _resources(child)]
    return own + inner
