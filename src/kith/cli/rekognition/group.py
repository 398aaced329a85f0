"""``kith rekognition``: the group of its commands."""

from __future__ import annotations

import click

from kith.cli.groups import DefaultGroup

_HELP = """Answer any Amazon Rekognition client: boto3, the AWS CLI, the SDKs.

Without a word behind it, starts the server. Point a program at it with two keys and an address; it
needs no change:

\b
  kith rekognition keys add laptop --write
  kith rekognition
  export AWS_ENDPOINT_URL_REKOGNITION=http://127.0.0.1:4577
  aws rekognition list-collections

docs/rekognition.md says which operations there are, and what differs from Amazon's.

\b
Exit status:
  0  done; the server was told to end
  2  there is no key yet, or the server cannot listen there
  3  there is no such key
  5  the library cannot be used
"""


@click.group(
    "rekognition",
    cls=DefaultGroup,
    default="serve",
    help=_HELP,
    short_help="A server for any Amazon Rekognition client.",
)
def command() -> None:
    """The group."""
