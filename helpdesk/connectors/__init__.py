"""The company's own systems: `open_shop` gives the ports, filled by demo data, by HTTP, or by nobody."""

from helpdesk.connectors.opening import Shop, open_shop

__all__ = ["Shop", "open_shop"]
