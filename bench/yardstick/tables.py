"""The yardstick's tables: what Starbid keeps, as one would put it into a relational database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.pool import StaticPool

engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


class Base(DeclarativeBase):
    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - as SQLAlchemy wants it


class Wallet(Base):
    __tablename__ = "wallets"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True, default="XTR")
    available: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    owed: Mapped[int] = mapped_column(default=0)
    blocked: Mapped[bool] = mapped_column(default=False)


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    username: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="ru")
    joined_at: Mapped[datetime]
    subscribed_until: Mapped[datetime | None]
    blocked: Mapped[bool] = mapped_column(default=False)
    unreachable: Mapped[bool] = mapped_column(default=False)
    wallets: Mapped[list[Wallet]] = relationship(lazy="joined")

    @property
    def stars(self) -> Wallet:
        return next(wallet for wallet in self.wallets if wallet.currency == "XTR")


class Deal(Base):
    __tablename__ = "deals"
    lot_id: Mapped[str] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    buyer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


class Lot(Base):
    __tablename__ = "lots"
    id: Mapped[str] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    description: Mapped[str]
    category: Mapped[str] = mapped_column(default="other")
    goods: Mapped[str] = mapped_column(default="digital")
    kind: Mapped[str] = mapped_column(default="english")
    currency: Mapped[str] = mapped_column(default="XTR")
    pictures: Mapped[list[str]]
    start_price: Mapped[int] = mapped_column(default=1000)
    price: Mapped[int] = mapped_column(default=1000)
    extend_seconds: Mapped[int] = mapped_column(default=120)
    max_extension_seconds: Mapped[int] = mapped_column(default=7200)
    created_at: Mapped[datetime]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    scheduled_end: Mapped[datetime]
    salt: Mapped[str]
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    leader_maximum: Mapped[int | None]
    bids_count: Mapped[int] = mapped_column(default=0)
    ending: Mapped[str] = mapped_column(default="open")
    head: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    deal: Mapped[Deal | None] = relationship(lazy="joined")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it


class Bid(Base):
    __tablename__ = "bids"
    lot_id: Mapped[str] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="bid")
    bidder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    maximum: Mapped[int]
    price: Mapped[int]
    leader_id: Mapped[int]
    placed_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    outbid_id: Mapped[int | None]
    released: Mapped[int | None]
    chain: Mapped[str] = mapped_column(default="")
    __table_args__ = (Index("by_bidder", "bidder_id", "placed_at"),)


class Transfer(Base):
    __tablename__ = "transfers"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    currency: Mapped[str] = mapped_column(default="XTR")
    amount: Mapped[int]
    at: Mapped[datetime]


class SeenUpdate(Base):
    """An update of Telegram's, claimed and then done."""

    __tablename__ = "updates"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="claimed")
    expires_at: Mapped[datetime]


class Question(Base):
    """What the bot has asked a person."""

    __tablename__ = "questions"
    user_id: Mapped[int] = mapped_column(primary_key=True)
    facts: Mapped[dict[str, Any]]
    expires_at: Mapped[datetime]


class Watch(Base):
    """A lot on a person's watch list."""

    __tablename__ = "watches"
    user_id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class ShownCard(Base):
    """A lot's card that stands in a chat."""

    __tablename__ = "cards"
    lot_id: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int]
    version: Mapped[int]
    bidding: Mapped[bool]
    expires_at: Mapped[datetime]
