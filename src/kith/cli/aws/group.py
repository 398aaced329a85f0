"""``kith aws``: the group of its commands."""

from __future__ import annotations

import click

_HELP = """A library in your own account of AWS: the album at an address, nothing running while
nothing comes.

`deploy` makes it with Terraform, after it has said what is made and what it costs. What you upload
is then looked at by itself. You need Terraform, keys of AWS, and the extra: pip install
'kith[aws,lambda]'. docs/deploy-aws.md walks from an empty account to the album.

\b
  kith aws deploy --region eu-west-1 --email you@example.org --plan
  kith aws deploy
  kith aws upload ~/Pictures
  kith aws status

All of them work on the deployment whose folder is --dir, the setting `deployment`, or where they
are not said, one in your data folder. `kith pull` and `kith push` take names and photos from and
to it.

\b
Exit status:
  0    done
  2    Terraform, keys of AWS or settings are lacking, or nobody confirmed
  3    there is no deployment, or a part of it is gone
  8    AWS or Terraform refuses or fails; the message says what
  130  interrupted
"""


class InOrder(click.Group):
    """A group that lists its commands as one uses them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which they were added."""
        return list(self.commands)


@click.group(
    "aws",
    cls=InOrder,
    help=_HELP,
    short_help="A library in your own account of AWS.",
)
def command() -> None:
    """The group."""
