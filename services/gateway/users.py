"""`python -m services.gateway.users`: accounts, straight on the database.

For who runs the system: the first admin is made here, as nobody can be asked for it over HTTP.
"""

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.cursors import After
from services.gateway.passwords import Passwords
from services.gateway.store.accounts import AccountChange, AccountStore, Actor
from services.gateway.store.database import Database
from services.gateway.store.users import User, UserStore
from shared.errors import InvalidRequestError, PipelineError
from shared.postgres import open_pool
from shared.postgres.migrate import Settings

log = logging.getLogger("bolt.users")

CHANGES = {
    "promote": AccountChange(role="admin"),
    "demote": AccountChange(role="user"),
    "disable": AccountChange(disabled=True),
    "enable": AccountChange(disabled=False),
}
SHORTEST = 8
PAGE = 200


@dataclass(frozen=True, slots=True)
class Accounts:
    """What can be done to accounts from the command line."""

    users: UserStore
    accounts: AccountStore
    passwords: Passwords

    async def all(self) -> list[User]:
        """Return everybody, newest first."""
        found: list[User] = []
        after: After | None = None
        while page := await self.accounts.page(None, after, PAGE):
            found += page
            after = After(page[-1].created_at, page[-1].user_id)
        return found

    async def create(self, email: str, password: str, *, admin: bool) -> User:
        """Return a new user.

        Raises:
            InvalidRequestError: the password is too short, or the address has an account.
        """
        if len(password) < SHORTEST:
            raise InvalidRequestError(f"a password has at least {SHORTEST} characters")
        user = await self.users.add(email, await self.passwords.hash(password))
        if user is None:
            raise InvalidRequestError(f"{email} has an account already")
        return await self.change(email, CHANGES["promote"]) if admin else user

    async def change(self, email: str, change: AccountChange) -> User:
        """Return a user as changed. It is written to the audit log.

        Raises:
            InvalidRequestError: nobody has this address, or no admin would be left.
        """
        user = await self.accounts.by_email(email)
        if user is None:
            raise InvalidRequestError(f"nobody has the address {email}")
        changed = await self.accounts.change(user.user_id, change, Actor(address="command line"))
        if changed is None:
            raise InvalidRequestError(f"{email} is the last admin; promote another one first")
        return changed


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        users = asyncio.run(_run(asked))
    except PipelineError as error:
        # What an operator can act on; where it came from helps nobody.
        log.warning("%s", error)
        return 1
    for user in users:
        state = "disabled" if user.disabled_at else user.role
        sys.stdout.write(f"{user.user_id}  {state:<8}  {user.email}\n")
    return 0


async def _run(asked: argparse.Namespace) -> list[User]:
    async with open_pool(Settings().database_url, name="users") as pool:
        database = Database(pool)
        accounts = Accounts(UserStore(database), AccountStore(database), Passwords(at_once=1))
        if asked.action == "list":
            return await accounts.all()
        if asked.action == "create":
            return [await accounts.create(asked.email, _password(), admin=asked.admin)]
        return [await accounts.change(asked.email, CHANGES[asked.action])]


def _password() -> str:
    # Never an argument: those are kept in the shell's history and shown by `ps`.
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bolt users", description=(__doc__ or "").split("\n")[0])
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="everybody, newest first")
    create = actions.add_parser("create", help="a user; the password is asked for, or read")
    create.add_argument("email")
    create.add_argument("--admin", action="store_true", help="make them an admin")
    for name, change in CHANGES.items():
        words = ", ".join(f"{k}={v}" for k, v in (("role", change.role),) if v) or f"{name} sign-in"
        actions.add_parser(name, help=words).add_argument("email")
    return parser


if __name__ == "__main__":
    sys.exit(main())
