"""The questions customers ask, and what we answer."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(tags=["knowledge"])
