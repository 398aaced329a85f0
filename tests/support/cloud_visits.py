"""Requests to what was deployed, as browsers, owners and guests send them."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from cloud_deployment import Deployment
from emulators import REGION


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; two are equal if they say the same."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)

    @classmethod
    def of(cls, path: str) -> Self:
        """What the probe answers to a request for this path."""
        return cls(200, json.dumps(path).encode())


def visit(deployment: Deployment, address: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Ask for an address."""
    got = httpx.get(address, headers=dict(headers or {}), verify=_trusted(deployment), timeout=60)
    return Answer(got.status_code, got.content, dict(got.headers))


def visit_page(deployment: Deployment, path: str) -> Answer:
    """Ask CloudFront for a path."""
    distributions = deployment.client("cloudfront").get_distribution(
        Id=deployment.outputs["distribution_id"]
    )
    host = distributions["Distribution"]["DomainName"]
    return visit(deployment, f"{deployment.endpoint.url}{path}", {"Host": host})


def visit_api(
    deployment: Deployment, path: str, *, token: str = "", keys: Credentials | None = None
) -> Answer:
    """Ask the HTTP API for a path, perhaps with a token, or signed with keys."""
    api = next(each for each in deployment.resources if each["type"] == "aws_apigatewayv2_api")
    stage = f"/_aws/execute-api/{api['values']['id']}/$default"
    address = f"{deployment.endpoint.url}{stage}{path}"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if keys is not None:
        request = AWSRequest("GET", address)
        signer: Any = SigV4Auth(keys, "execute-api", REGION)
        signer.add_auth(request)
        headers = dict(request.headers.items())
    return visit(deployment, address, headers)


def owner_token(deployment: Deployment) -> str:
    """A token of an account that was made for it."""
    login, cognito = deployment.outputs["login"], deployment.client("cognito-idp")
    pool, name, word = login["user_pool_id"], "owner@example.org", "Correct-horse-battery-7"
    cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=word, Permanent=True)
    told = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=login["client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": word},
    )
    return told["AuthenticationResult"]["IdToken"]


def guest_keys(deployment: Deployment) -> Credentials:
    """Keys that somebody without an account gets, by Cognito's classic flow."""
    pool = deployment.outputs["login"]["identity_pool_id"]
    nobody: Any = {"config": Config(signature_version=UNSIGNED)}
    cognito = deployment.client_with("cognito-identity", **nobody)
    sts = deployment.client_with("sts", **nobody)
    try:
        identity = cognito.get_id(IdentityPoolId=pool)["IdentityId"]
        token = cognito.get_open_id_token(IdentityId=identity)["Token"]
        arn = deployment.client("iam").get_role(RoleName=deployment.outputs["roles"]["guest"])
        got = sts.assume_role_with_web_identity(
            RoleArn=arn["Role"]["Arn"], RoleSessionName="guest", WebIdentityToken=token
        )["Credentials"]
    finally:
        cognito.close()
        sts.close()
    return Credentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])


def _trusted(deployment: Deployment) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=deployment.certificate)
