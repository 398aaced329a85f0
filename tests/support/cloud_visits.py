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


def visit(
    deployment: Deployment,
    address: str,
    headers: Mapping[str, str] | None = None,
    *,
    patch: object = None,
) -> Answer:
    """Ask for an address, or say what it is to be from now on."""
    got = httpx.request(
        "GET" if patch is None else "PATCH",
        address,
        headers=dict(headers or {}),
        json=patch,
        verify=trusted(deployment),
        timeout=60,
    )
    return Answer(got.status_code, got.content, dict(got.headers))


def visit_page(deployment: Deployment, path: str) -> Answer:
    """Ask CloudFront for a path."""
    return visit(deployment, f"{deployment.endpoint.url}{path}", {"Host": page_host(deployment)})


def page_host(deployment: Deployment) -> str:
    """The host by which CloudFront knows the page."""
    distribution = deployment.client("cloudfront").get_distribution(
        Id=deployment.outputs["distribution_id"]
    )
    return distribution["Distribution"]["DomainName"]


def stage(deployment: Deployment) -> str:
    """Where the HTTP API is."""
    api = next(each for each in deployment.resources if each["type"] == "aws_apigatewayv2_api")
    return f"{deployment.endpoint.url}/_aws/execute-api/{api['values']['id']}/$default"


def visit_api(
    deployment: Deployment,
    path: str,
    *,
    token: str = "",
    keys: Credentials | None = None,
    patch: object = None,
) -> Answer:
    """Ask the HTTP API for a path, or change it, perhaps with a token, or signed with keys."""
    address = f"{stage(deployment)}{path}"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if keys is not None:
        request = AWSRequest("GET", address)
        signer: Any = SigV4Auth(keys, "execute-api", REGION)
        signer.add_auth(request)
        headers = dict(request.headers.items())
    return visit(deployment, address, headers, patch=patch)


def owner_token(deployment: Deployment) -> str:
    """A token of an account that was made for it."""
    return token_of(deployment, make_account(deployment, "owner@example.org", "owner"))


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody logs in with."""

    name: str
    password: str = "Correct-horse-battery-7"


def make_account(deployment: Deployment, name: str, group: str) -> Account:
    """A new account, in a group."""
    account, cognito = Account(name), deployment.client("cognito-idp")
    user = {"UserPoolId": deployment.outputs["login"]["user_pool_id"], "Username": name}
    cognito.admin_create_user(MessageAction="SUPPRESS", **user)
    cognito.admin_set_user_password(Password=account.password, Permanent=True, **user)
    cognito.admin_add_user_to_group(GroupName=group, **user)
    return account


def token_of(deployment: Deployment, account: Account) -> str:
    """A token of identity, as the login page hands it out."""
    login = deployment.outputs["login"]
    told = deployment.client("cognito-idp").admin_initiate_auth(
        UserPoolId=login["user_pool_id"],
        ClientId=login["client_id"],
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account.name, "PASSWORD": account.password},
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


def trusted(deployment: Deployment) -> ssl.SSLContext:
    """What lets the emulator's certificate pass."""
    return ssl.create_default_context(cafile=deployment.certificate)
