"""/tickets: let a browser's WebSocket in without a token in its URL."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.gateway.deps import Me, TheTickets

router = APIRouter(prefix="/tickets", tags=["live"])


class TicketRead(BaseModel):
    """Good once, and soon."""

    ticket: str = Field(
        description="For `?token=` of a WebSocket.",
        examples=["kF0xJm2l3sVtqk0mS9w0bqjV5oJt1mXn6c8d2e4f6a8"],
    )
    expires_in: int = Field(description="Seconds.", examples=[60])


@router.post("", status_code=201, summary="Get a ticket for a WebSocket")
async def create_ticket(me: Me, tickets: TheTickets) -> TicketRead:
    """Return a ticket that opens one WebSocket: a browser cannot send a header with it."""
    return TicketRead(ticket=await tickets.issue(me), expires_in=tickets.seconds)
